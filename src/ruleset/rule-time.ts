/** `<time>` and `<weekday>`: the formats that validate_op.c takes. */
import type { Bytes } from "../engine/bytes.js";
import type { TimeRange } from "../engine/model.js";
import { asciiLower } from "../engine/regex/ascii.js";
import { atoi } from "./c-text.js";

/**
 * `hh:mm - hh:mm`, each with am or pm or without minutes if need be, with a leading `!` for the times outside. A range
 * over midnight is turned into the opposite of its complement, whose both ends are then outside, and loses its `!`.
 * Null where the real engine refuses. Times are compared as text.
 */
export function parseTimeRange(text: Bytes): TimeRange | null {
  const [, negation, body] = /^ *(!?) *(.*)$/s.exec(text)!;
  const first = parseClock(body!);
  const rest = first && /^ *- *(.*)$/s.exec(first.rest);
  const second = rest && parseClock(rest[1]!);
  if (!first || !second || !/^ *$/.test(second.rest)) return null;
  const overMidnight = first.clock > second.clock;
  const bounds = overMidnight ? second.clock + first.clock : first.clock + second.clock;
  const inside = !overMidnight && negation !== "!";
  // Minutes of three digits push the second bound out of place, as they do in the real engine.
  const [from, to] = [bounds.slice(0, 5), bounds.slice(5, 10)];
  return {
    test: (secondOfDay) => {
      const minute = Math.floor(secondOfDay / 60);
      const clock = `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
      return (clock >= from && clock <= to) === inside;
    },
  };
}

/** The real engine keeps a time in seven bytes, one of them for the end. */
const MAX_CLOCK = 6;

/** One time as `hh:mm`. Minutes are not checked to be below 60, and `am` alone is midnight. */
function parseClock(text: Bytes): { clock: Bytes; rest: Bytes } | null {
  let hour = atoi(text);
  const digits = /^[0-9]*/.exec(text)![0].length;
  if (hour < 0 || hour >= 24 || digits > 2) return null;
  let rest = text.slice(digits);
  let minute = 0;
  if (rest.startsWith(":")) {
    rest = rest.slice(1);
    if (!/^[0-9]{2}/.test(rest) && /^..[0-9]/s.test(rest)) return null;
    minute = atoi(rest);
    rest = rest.slice(2);
  }
  rest = rest.replace(/^ +/, "");
  const half = /^[ap]/i.test(rest);
  if (half && !/^.m/i.test(rest)) return null;
  if (half) {
    hour = (hour === 12 ? 0 : hour) + (/^p/i.test(rest) ? 12 : 0);
    if (hour >= 24) return null;
    rest = rest.slice(2);
  }
  const clock = `${twoDigits(hour)}:${twoDigits(minute)}`;
  return clock.length > MAX_CLOCK ? null : { clock, rest };
}

function twoDigits(value: number): string {
  return value < 0 ? String(value) : String(value).padStart(2, "0");
}

/** Sunday is 0. The long name is tried before the short one. */
const DAYS: readonly (readonly [string, readonly number[]])[] = [
  ["sunday", [0]],
  ["sun", [0]],
  ["monday", [1]],
  ["mon", [1]],
  ["tuesday", [2]],
  ["tue", [2]],
  ["wednesday", [3]],
  ["wed", [3]],
  ["thursday", [4]],
  ["thu", [4]],
  ["friday", [5]],
  ["fri", [5]],
  ["saturday", [6]],
  ["sat", [6]],
  ["weekdays", [1, 2, 3, 4, 5]],
  ["weekends", [0, 6]],
];

/**
 * Names of days between commas or spaces. Null where the real engine refuses: also a leading `!`, which it means to
 * take but trips over.
 */
export function parseWeekdays(text: Bytes): ReadonlySet<number> | null {
  const days = new Set<number>();
  let rest = asciiLower(text).replace(/^ +/, "");
  while (rest !== "") {
    const day = DAYS.find(([name]) => rest.startsWith(name));
    if (!day) return null;
    for (const number of day[1]) days.add(number);
    rest = rest.slice(day[0].length);
    if (!/^([ ,]|$)/.test(rest)) return null;
    rest = rest.replace(/^[ ,]+/, "");
  }
  return days.size > 0 ? days : null;
}
