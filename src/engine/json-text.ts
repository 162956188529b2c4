/** JSON, written piece by piece. */

/** A value, written. */
export type JsonText = string;

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** What cannot stand in a string as it is; of surrogates only those alone cannot, which is looked into then. */
const ESCAPED = /["\\\x00-\x1f\ud800-\udfff]/;

export function needsEscape(text: string): boolean {
  return ESCAPED.test(text);
}

/** A string, written: in half the time of `JSON.stringify` where there is nothing to escape. */
export function jsonText(text: string): JsonText {
  return needsEscape(text) ? JSON.stringify(text) : plainText(text);
}

/** The same for whoever knows that there is nothing to escape. */
export function plainText(text: string): JsonText {
  return `"${text}"`;
}

/** A member of an object with the comma in front of it. @param name one with nothing to escape */
export function member(name: string, value: JsonText): string {
  return `,"${name}":${value}`;
}

/** Of members with one name the last, at the place of the first: what readers of JSON make of them. */
export function eachNameOnce(object: JsonText): JsonText {
  return JSON.stringify(JSON.parse(object));
}
