import type { Bytes } from "../engine/bytes.js";

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
const ISO = /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)/;
const SYSLOG = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) /;
/**
 * Where a time stands so near the beginning, none begins in front of it: it would share more than two digits with it, and
 * then something that is no digit would have to be one.
 */
const NEAR = 16;
/** So many bytes of a line are looked at. */
export const TIME_REACH = 80;
const HALF_A_YEAR = 183 * 86_400;
/** Where a log begins with a time that has no year: a leap year has every day. */
const ANY_YEAR = 2024;

/**
 * Reads the time that a line bears, as epoch seconds in UTC, so that a replay counts in the time of the log. Zones are not
 * looked at: only differences matter. A time never goes back, and a line without one has that of the line before.
 */
export class EventClock {
  /** The latest time so far; 0 before the first. Whoever reads on for another clock sets it to what that one shows. */
  last = 0;
  /** The time last read in full, its text and where that stood: many lines bear the same. */
  #text = "";
  #place = 0;
  #time = 0;

  /** Moves on to this line's time, where it is later, and returns what the clock then shows. */
  at(line: Bytes): number {
    this.last = Math.max(this.last, this.read(line) ?? 0);
    return this.last;
  }

  /** The time of a line by itself; null when it bears none. */
  read(line: Bytes): number | null {
    if (this.#place <= NEAR && this.#text !== "" && line.startsWith(this.#text, this.#place)) return this.#time;
    const time = ISO.exec(line.length > TIME_REACH ? line.slice(0, TIME_REACH) : line);
    if (time) {
      this.#place = time.index;
      if (time[0] === this.#text) return this.#time;
      const [, year, month, day, hour, minute, second] = time.map(Number);
      this.#text = time[0];
      this.#time = Date.UTC(year!, month! - 1, day, hour, minute, second) / 1000;
      return this.#time;
    }
    const header = SYSLOG.exec(line);
    const month = header ? MONTHS.indexOf(header[1]!) / 3 : -1;
    if (!header || month < 0 || !Number.isInteger(month)) return null;
    const [, , day, hour, minute, second] = header.map(Number);
    return this.#inNearestYear((year) => Date.UTC(year, month, day, hour, minute, second) / 1000);
  }

  /** Such a header has no year: January after December is the next one's, and December after January the last one's. */
  #inNearestYear(timeIn: (year: number) => number): number {
    const year = this.last === 0 ? ANY_YEAR : new Date(this.last * 1000).getUTCFullYear();
    const time = timeIn(year);
    if (this.last === 0 || Math.abs(time - this.last) <= HALF_A_YEAR) return time;
    return timeIn(time < this.last ? year + 1 : year - 1);
  }
}
