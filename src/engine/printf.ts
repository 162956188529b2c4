/** The two C number formats that show in decisions. */

/** `%f`: six decimals, ties to even, as exact as the binary number. */
export function formatFixed(number: number): string {
  if (number === Number.POSITIVE_INFINITY) return "inf";
  if (number === Number.NEGATIVE_INFINITY) return "-inf";
  if (Math.abs(number) >= 1e21) return `${BigInt(number)}.000000`;
  // Only odd multiples of 1/128 lie exactly between two numbers of six decimals; toFixed rounds those up.
  const in128ths = number * 128;
  if (Number.isInteger(in128ths) && in128ths % 2 !== 0) return formatTie(in128ths);
  return number.toFixed(6);
}

function formatTie(in128ths: number): string {
  const magnitude = BigInt(Math.abs(in128ths)) * 15625n;
  const below = magnitude / 2n;
  const even = below % 2n === 0n ? below : below + 1n;
  const digits = even.toString().padStart(7, "0");
  return `${in128ths < 0 ? "-" : ""}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** `%1.<precision>g` of a finite number. */
export function formatGeneral(number: number, precision: number): string {
  if (number === 0) return Object.is(number, -0) ? "-0" : "0";
  const [mantissa, exponentText] = number.toExponential(precision - 1).split("e") as [string, string];
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= precision) {
    const sign = exponent < 0 ? "-" : "+";
    return `${withoutTrailingZeros(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  return withoutTrailingZeros(number.toFixed(precision - 1 - exponent));
}

function withoutTrailingZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
