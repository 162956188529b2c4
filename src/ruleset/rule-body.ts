/** What reading a rule needs, and what it starts from. */
import type { Bytes } from "../engine/bytes.js";
import { EVENT_TYPES } from "../engine/model.js";
import type { ListTable } from "./list-table.js";
import type { Reporter } from "./reporter.js";
import type { RuleAttributes } from "./rule-attributes.js";
import type { RuleBody } from "./rule-draft.js";
import type { XmlElement } from "./xml.js";

/** What surrounds a rule that is read. */
export interface RuleContext {
  readonly reporter: Reporter;
  readonly lists: ListTable;
  /** Decoder names and their ids. */
  readonly decoderIds: ReadonlyMap<Bytes, number>;
  readonly orderSize: number;
  readonly mailLevel: number;
  readonly logLevel: number;
}

/** A rule of these attributes with no element read yet. */
export function emptyBody(
  { where }: XmlElement,
  groupText: Bytes,
  { level, accuracy, maxSize, frequency, timeframe, ignoreTime, noAlert }: RuleAttributes,
  { mailLevel, logLevel }: RuleContext,
): RuleBody {
  // Level 0 is tried before every other level.
  const weight = level === 0 ? 99 : level;
  return {
    rank: accuracy ? weight * 100 : weight,
    maxSize,
    frequency,
    timeframe,
    ignoreTime,
    noAlert,
    context: false,
    checkDiff: false,
    globalFrequency: false,
    same: new Set(),
    different: new Set(),
    sameDynamic: [],
    differentDynamic: [],
    options: { mail: level >= mailLevel, logAlert: level >= logLevel, noFullLog: false, noCounter: false },
    ifFts: false,
    category: EVENT_TYPES.syslog,
    decodedAs: 0,
    groupText,
    match: null,
    regex: null,
    texts: new Map(),
    srcip: null,
    dstip: null,
    fields: [],
    lists: [],
    time: null,
    weekday: null,
    description: null,
    info: null,
    cve: null,
    compiledRule: null,
    mitre: { ids: [], tactics: [], techniques: [] },
    ifMatchedRegex: null,
    where,
  };
}
