/** `(*…)` settings that may stand at the very start of a pattern. */
import type { Bytes } from "../../bytes.js";
import { ExpressionError } from "../expression.js";
import type { StartSettings } from "./syntax.js";

/** PCRE2's default limits. */
const MATCH_LIMIT = 10_000_000;
const LINE_FEED = 10;

type Change = Partial<{ -readonly [K in keyof StartSettings]: StartSettings[K] }>;

const FLAGS: Readonly<Record<string, Change>> = {
  NOTEMPTY: { notEmpty: true },
  NOTEMPTY_ATSTART: { notEmptyAtStart: true },
  NO_AUTO_POSSESS: { autoPossess: false },
  NO_DOTSTAR_ANCHOR: { dotStarAnchor: false },
  NO_START_OPT: { startOptimize: false },
  NO_JIT: {},
  CR: { newline: 13 },
  LF: { newline: LINE_FEED },
  NUL: { newline: 0 },
  BSR_ANYCRLF: { narrowNewlineSequence: true },
  BSR_UNICODE: { narrowNewlineSequence: false },
};
const NOT_EVALUATED = ["UTF", "UTF8", "UCP", "CRLF", "ANY", "ANYCRLF"];

/**
 * Reads the settings; `length` is how much of the pattern they take.
 * @throws ExpressionError `unsupported` for UTF, UCP and newlines of more than one byte
 */
export function readStartSettings(pattern: Bytes): { readonly settings: StartSettings; readonly length: number } {
  const settings: Change & StartSettings = {
    newline: LINE_FEED,
    notEmpty: false,
    notEmptyAtStart: false,
    autoPossess: true,
    dotStarAnchor: true,
    startOptimize: true,
    matchLimit: MATCH_LIMIT,
    depthLimit: MATCH_LIMIT,
    heapLimit: Number.POSITIVE_INFINITY,
    narrowNewlineSequence: false,
  };
  let length = 0;
  for (;;) {
    const rest = pattern.slice(length);
    const flag = /^\(\*([A-Z0-9_]+)\)/.exec(rest);
    const limit = /^\(\*LIMIT_(HEAP|MATCH|DEPTH|RECURSION)=/.exec(rest);
    if (flag && NOT_EVALUATED.includes(flag[1]!)) {
      throw new ExpressionError("unsupported", pattern, `pcre2: ${flag[0]} is not evaluated`);
    }
    if (flag && Object.hasOwn(FLAGS, flag[1]!)) {
      Object.assign(settings, FLAGS[flag[1]!]);
      length += flag[0].length;
    } else if (limit) {
      const digits = /^([0-9]+)\)/.exec(rest.slice(limit[0].length));
      if (!digits) throw new ExpressionError("invalid", pattern, `pcre2: malformed ${limit[0]}`);
      const value = Math.min(Number(digits[1]), MATCH_LIMIT);
      if (limit[1] === "MATCH") Object.assign(settings, { matchLimit: value });
      else if (limit[1] === "HEAP") Object.assign(settings, { heapLimit: value });
      else Object.assign(settings, { depthLimit: value });
      length += limit[0].length + digits[0].length;
    } else {
      return { settings, length };
    }
  }
}

/** Bytes of a frame of PCRE2's: without groups, and for each. */
const FRAME_BYTES = 128;
const FRAME_BYTES_OF_GROUP = 16;

/** The settings with a limit of the depth for that of the memory: it is taken up by frames in one another. */
export function withHeapLimit(settings: StartSettings, groupCount: number): StartSettings {
  const { depthLimit, heapLimit } = settings;
  if (heapLimit === Number.POSITIVE_INFINITY) return settings;
  // The last frame may not end where the memory does.
  const frames = Math.ceil((1024 * heapLimit) / (FRAME_BYTES + FRAME_BYTES_OF_GROUP * groupCount)) - 1;
  return { ...settings, depthLimit: Math.min(depthLimit, frames) };
}
