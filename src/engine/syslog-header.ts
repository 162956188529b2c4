/** Host and program name behind a syslog date, as `cleanevent.c` reads them. */
import type { Bytes } from "./bytes.js";
import { Header } from "./predecoder.js";

/** @param cut length of the date with its separator */
export function readHeader(message: Bytes, cut: number): Header {
  const timestamp = message.slice(0, cut - 1);
  const extraSpace = message[cut] === " ";
  const start = extraSpace ? cut + 1 : cut;
  const hostEnd = skipName(message, start);

  // Solaris writes no host name: `program: text`.
  if (message[hostEnd] === ":" && message[hostEnd + 1] === " ") {
    return new Reader(message, timestamp, null).behindId(message.slice(start, hostEnd), hostEnd + 2, false);
  }
  if (message[hostEnd] !== " ") return new Header(timestamp, null, null, message.slice(start), !extraSpace);
  return new Reader(message, timestamp, message.slice(start, hostEnd)).program(hostEnd + 1);
}

/** Reads what stands behind the host name. */
class Reader {
  readonly #message: Bytes;
  readonly #timestamp: Bytes;
  readonly #hostname: Bytes | null;

  constructor(message: Bytes, timestamp: Bytes, hostname: Bytes | null) {
    this.#message = message;
    this.#timestamp = timestamp;
    this.#hostname = hostname;
  }

  /** `name: `, `name[pid]: `, `name[pid] ` or AIX's `name|facility:severity name: `. */
  program(start: number): Header {
    const message = this.#message;
    const nameEnd = skipName(message, start);
    if (message[nameEnd] === ":") {
      const space = message[nameEnd + 1] === " ";
      return this.behindId(message.slice(start, nameEnd), nameEnd + (space ? 2 : 1), !space);
    }
    if (message[nameEnd] === "[" && isDigit(message, nameEnd + 1)) {
      const pidEnd = skipDigits(message, nameEnd + 2);
      if (message[pidEnd] === "]" && message[pidEnd + 1] === ":") {
        const space = message[pidEnd + 2] === " " ? 1 : 0;
        return this.behindId(message.slice(start, nameEnd), pidEnd + 2 + space, false);
      }
      if (message[pidEnd] === "]" && message[pidEnd + 1] === " ") {
        return this.behindId(message.slice(start, nameEnd), pidEnd + 2, false);
      }
    }
    if (message[nameEnd] === "|" && isLower(message, nameEnd + 1)) {
      const aix = this.#aixProgram(start, nameEnd + 2);
      if (aix !== null) return aix;
    }
    return this.#header(null, message.slice(start), true);
  }

  /** The log from `start`, without a leading `[ID 197553 auth.notice] `. */
  behindId(programName: Bytes, start: number, followsNul: boolean): Header {
    const message = this.#message;
    if (message.startsWith("[ID ", start)) {
      const close = message.indexOf("]", start + 4);
      if (close !== -1) return this.#header(programName, message.slice(close + 2), close === message.length - 1);
    }
    return this.#header(programName, message.slice(start), followsNul);
  }

  #aixProgram(start: number, facility: number): Header | null {
    const message = this.#message;
    const facilityEnd = skipAlphanumeric(message, facility);
    if (message[facilityEnd] !== ":") return null;
    const severityEnd = skipAlphanumeric(message, facilityEnd + 1);
    if (message[severityEnd] !== " ") return null;
    const nameStart = severityEnd + 1;
    const nameEnd = skipName(message, nameStart);
    const programName = message.slice(nameStart, nameEnd);
    if (message[nameEnd] === ":" && message[nameEnd + 1] === " ") return this.behindId(programName, nameEnd + 2, false);
    if (message[nameEnd] === "[" && isDigit(message, nameEnd + 1)) {
      const pidEnd = skipDigits(message, nameEnd + 2);
      if (message.startsWith("]: ", pidEnd)) return this.behindId(programName, pidEnd + 3, false);
      // The name was ended in place of the bracket before the rest was found wanting: so the log ends there too.
      return this.#header(programName, message.slice(start, nameEnd), true);
    }
    // Nothing ends the name, so that it runs to the end of the message.
    return this.behindId(message.slice(nameStart), nameEnd, false);
  }

  #header(programName: Bytes | null, log: Bytes, followsNul: boolean): Header {
    return new Header(this.#timestamp, this.#hostname, programName, log, followsNul);
  }
}

/** Bytes of a host or program name: `( ) - . / 0-9 @ A-Z _ a-z`. */
function skipName(text: Bytes, from: number): number {
  let i = from;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const valid =
      (code >= 97 && code <= 122) ||
      (code >= 45 && code <= 57) ||
      (code >= 64 && code <= 90) ||
      code === 95 ||
      code === 40 ||
      code === 41;
    if (!valid) break;
  }
  return i;
}

function skipDigits(text: Bytes, from: number): number {
  let i = from;
  while (isDigit(text, i)) i++;
  return i;
}

function skipAlphanumeric(text: Bytes, from: number): number {
  let i = from;
  while (isDigit(text, i) || isLower(text, i) || isUpper(text, i)) i++;
  return i;
}

function isDigit(text: Bytes, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 48 && code <= 57;
}

function isLower(text: Bytes, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 97 && code <= 122;
}

function isUpper(text: Bytes, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 65 && code <= 90;
}
