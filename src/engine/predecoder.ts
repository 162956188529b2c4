/**
 * What the real engine does to a message before any decoder sees it (`cleanevent.c`): it cuts a known date off the
 * front, reads host and program name of a syslog header, and splits the agent off the location. Everything is decided
 * by single bytes at fixed places; bytes not named here are not looked at.
 */
import type { Bytes } from "./bytes.js";
import { readHeader } from "./syslog-header.js";

export interface Predecoded {
  /** The date text that was cut off; null when no known format was recognised. */
  readonly timestamp: Bytes | null;
  readonly hostname: Bytes;
  readonly programName: Bytes | null;
  /** What decoders and rules see. */
  readonly log: Bytes;
  /** The location without the agent part. */
  readonly location: Bytes;
  readonly agentId: Bytes;
  /**
   * In the real engine's buffer a NUL stands in front of `log`. It decides where decoding goes on behind a pattern that
   * matched nothing at offset 0, see `after` in `decoders/decode.ts`.
   */
  readonly logFollowsNul: boolean;
}

/** Part of a Predecoded that is read from the message; of one shape always, which is what makes it cheap. */
export class Header {
  constructor(
    readonly timestamp: Bytes | null,
    readonly hostname: Bytes | null,
    readonly programName: Bytes | null,
    readonly log: Bytes,
    readonly logFollowsNul: boolean,
  ) {}
}

/**
 * Split one message.
 * @param hostname the manager's own name, for a local event that names no host
 * @returns null where the real engine reports a format error: a location that opens `[` and never closes it
 */
export function predecode(message: Bytes, location: Bytes, hostname: Bytes): Predecoded | null {
  const header = cutDate(message);
  const place = cutToBuffer(location);
  if (place[0] !== "[") {
    return {
      timestamp: header.timestamp,
      hostname: header.hostname ?? hostname,
      programName: header.programName,
      log: header.log,
      location: place,
      agentId: "000",
      logFollowsNul: header.logFollowsNul,
    };
  }
  const close = place.indexOf("]");
  if (close === -1) return null;
  const inner = place.slice(close + 2);
  return {
    timestamp: header.timestamp,
    // The name between parentheses replaces the one in the log, even by nothing.
    hostname: inner[0] === "(" && inner.includes(")") ? inner.slice(1, inner.indexOf(")")) : "",
    programName: header.programName,
    log: header.log,
    location: inner,
    agentId: place.slice(1, close),
    logFollowsNul: header.logFollowsNul,
  };
}

const SPACE = 0x20;
const DASH = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const COLON = 0x3a;

function cutDate(message: Bytes): Header {
  const text = withoutUmlaut(message);
  const syslogCut = syslogDateLength(text, message.length);
  if (syslogCut > 0) return readHeader(message, syslogCut);
  const length = message.length;
  if (length > 27 && at(text, SPACE, 3, 7, 10, 19, 24, 26) && at(text, COLON, 13, 16)) {
    return new Header(message.slice(0, 24), null, null, message.slice(25), true);
  }
  if (
    length > 23 &&
    at(text, SLASH, 2) &&
    at(text, DASH, 5) &&
    at(text, COLON, 8, 11) &&
    at(text, DOT, 14) &&
    text[21] === " "
  ) {
    return new Header(message.slice(0, 21), null, null, message.slice(23), false);
  }
  if (
    length > 27 &&
    at(text, SLASH, 2, 5) &&
    at(text, DASH, 10) &&
    at(text, COLON, 13, 16) &&
    at(text, DOT, 19) &&
    text[26] === " "
  ) {
    return new Header(message.slice(0, 26), null, null, message.slice(28), false);
  }
  if (length > 26 && text[0] === "[" && at(text, SPACE, 4, 8, 11, 20) && at(text, COLON, 14, 17) && text[25] === "]") {
    return new Header(message.slice(1, 25), null, null, message.slice(27), false);
  }
  if (length > 25 && text.startsWith("[T") && at(text, SPACE, 5, 16) && at(text, DOT, 10, 13) && text[19] === ":") {
    return readAppleHeader(message);
  }
  if (length > 31 && isSquidDate(text)) {
    let start = 14;
    while (message[start] === " ") start++;
    return new Header(message.slice(0, start - 1), null, null, message.slice(start), true);
  }
  return new Header(null, null, null, message, true);
}

/** Length of a date that a syslog header may follow, its separator included; 0 when there is none. */
function syslogDateLength(text: Bytes, length: number): number {
  if (length > 16 && at(text, SPACE, 3, 6, 15) && at(text, COLON, 9, 12)) return 16;
  if (length > 23 && at(text, DASH, 4, 7) && text[10] === " " && at(text, COLON, 13, 16) && text[19] === ",") return 24;
  if (length > 32 && at(text, DASH, 4, 7) && text[10] === "T" && at(text, COLON, 13, 16)) {
    if (text[22] === ":" && text[25] === " ") return 26;
    // Fractions of a second: with no colon where a zone has one, the real engine still cuts 32 bytes, so that a time
    // that ends in `Z` loses the beginning of the host name.
    if (text[19] === ".") return text[26] === ":" ? 30 : text[29] === ":" ? 33 : 32;
  }
  if (length > 20 && isDigit(text, 0) && at(text, SPACE, 4, 8, 11, 20) && at(text, COLON, 14, 17)) return 21;
  if (
    length > 32 &&
    isDigit(text, 0) &&
    at(text, DASH, 4, 7) &&
    text[10] === " " &&
    at(text, COLON, 13, 16) &&
    text[19] === "." &&
    (text[26] === "-" || text[26] === "+") &&
    text[31] === " "
  ) {
    return 32;
  }
  return 0;
}

function isSquidDate(text: Bytes): boolean {
  return (
    text[0] === "1" &&
    isDigit(text, 1) &&
    isDigit(text, 2) &&
    isDigit(text, 3) &&
    text[10] === "." &&
    isDigit(text, 13) &&
    text[14] === " " &&
    (text[21] === " " || text[22] === " ")
  );
}

/** Apple System Log: `[Time …] [Sender x] [Message y] [Host z]`. A closing bracket that is used ends the log too. */
function readAppleHeader(message: Bytes): Header {
  let programName: Bytes | null = null;
  let hostname: Bytes | null = null;
  let start = 25;
  let end = message.length;
  let messageSeen = false;
  let open = message.indexOf("[", start);
  while (open !== -1) {
    let position = open + 1;
    if (programName === null && message.startsWith("Sender ", position)) {
      const close = message.indexOf("]", position + 7);
      if (close === -1) break;
      programName = message.slice(position + 7, close);
      if (close >= start && close < end) end = close;
      position = close + 1;
    } else if (!messageSeen && message.startsWith("Message ", position)) {
      // Only the first one counts: a second would be tampering.
      messageSeen = true;
      start = position + 8;
      const close = message.indexOf("]", start);
      end = close === -1 ? message.length : close;
      if (close === -1) break;
      position = close + 1;
    } else if (message.startsWith("Host ", position)) {
      const close = message.indexOf("]", position + 5);
      if (close !== -1) {
        hostname = message.slice(position + 5, close);
        if (close >= start && close < end) end = close;
      }
      break;
    }
    open = message.indexOf("[", position);
  }
  return new Header(null, hostname, programName, message.slice(start, end), false);
}

/**
 * The German `Mär` has a month of four bytes in UTF-8. The real engine looks for a date in a text with `Ma` in place of
 * `M` and the umlaut, but cuts the original.
 */
function withoutUmlaut(message: Bytes): Bytes {
  return message.charCodeAt(1) === 0xc3 && message.charCodeAt(2) === 0xa4 ? `Ma${message.slice(3)}` : message;
}

/** A request's location goes through a buffer of 2,049 bytes in which `|` and `:` take two. */
function cutToBuffer(location: Bytes): Bytes {
  if (location.length <= 1023) return location;
  let used = 0;
  let afterEscape = false;
  for (let i = 0; i < location.length; i++) {
    const escaped = location[i] === "|" || location[i] === ":";
    if (used >= 2048 || (used === 2047 && (escaped || afterEscape))) return location.slice(0, i);
    used += escaped ? 2 : 1;
    afterEscape = escaped;
  }
  return location;
}

/** Does this byte stand at all of these places? */
function at(text: Bytes, byte: number, a: number, b = a, c = a, d = a, e = a, f = a): boolean {
  return (
    text.charCodeAt(a) === byte &&
    text.charCodeAt(b) === byte &&
    text.charCodeAt(c) === byte &&
    text.charCodeAt(d) === byte &&
    text.charCodeAt(e) === byte &&
    text.charCodeAt(f) === byte
  );
}

function isDigit(text: Bytes, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 48 && code <= 57;
}
