import type { Bytes } from "../engine/bytes.js";

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
const ISO = /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)/;
const SYSLOG = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) /;

/**
 * Reads the time that a line bears, as epoch seconds in UTC, so that a replay counts in the time of the log. Zones are not
 * looked at: only differences matter. A time never goes back, and a line without one has that of the line before.
 */
export class EventClock {
  #last = 0;

  at(line: Bytes): number {
    const time = ISO.exec(line.length > 80 ? line.slice(0, 80) : line);
    let seconds = Number.NaN;
    if (time) {
      const [, year, month, day, hour, minute, second] = time.map(Number);
      seconds = Date.UTC(year!, month! - 1, day, hour, minute, second) / 1000;
    } else {
      const header = SYSLOG.exec(line);
      const month = header ? MONTHS.indexOf(header[1]!) / 3 : -1;
      // Such a header has no year; a leap year has every day.
      if (header && Number.isInteger(month) && month >= 0)
        seconds =
          Date.UTC(2024, month, Number(header[2]), Number(header[3]), Number(header[4]), Number(header[5])) / 1000;
    }
    if (seconds > this.#last) this.#last = seconds;
    return this.#last;
  }
}
