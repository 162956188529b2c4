const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * How long is left, about: as exact as the guess is. Rounded before it is split, where cli-progress splits first, which
 * makes `5m60s` of it.
 * @param seconds whole; a string where cli-progress cannot tell: before the first progress, and while there is none
 */
export function timeLeft(seconds: number | string): string {
  if (typeof seconds === "string") return "?";
  const step = stepOf(seconds);
  const rounded = Math.round(seconds / step) * step;
  const hours = Math.floor(rounded / HOUR);
  const minutes = Math.floor((rounded % HOUR) / MINUTE);
  if (hours > 0) return `${hours}h${minutes}m`;
  return minutes > 0 ? `${minutes}m${rounded % MINUTE}s` : `${rounded}s`;
}

function stepOf(seconds: number): number {
  if (seconds > HOUR) return MINUTE;
  return seconds > 10 ? 5 : 1;
}
