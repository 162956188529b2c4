import type { Where } from "../diagnostics/diagnostic.js";
import type { Bytes } from "../engine/bytes.js";
import type { EventType, Offset, OrderField, OrderFtsField, Plugin } from "../engine/model.js";
import type { Expression } from "../engine/regex/expression.js";

/** One `<decoder>` while the files are read; the tree then decides on `getNext`, and its parent on its final name. */
export interface DecoderDraft {
  readonly name: Bytes;
  readonly parent: Bytes | null;
  readonly useOwnName: boolean;
  readonly type: EventType;
  readonly programName: Expression | null;
  readonly prematch: Expression | null;
  readonly prematchOffset: Offset;
  readonly regex: Expression | null;
  readonly regexOffset: Offset;
  readonly order: readonly (OrderField | null)[];
  readonly plugin: Plugin | null;
  readonly pluginOffset: Offset;
  readonly fts: readonly OrderFtsField[];
  readonly ftsComment: Bytes | null;
  readonly accumulate: boolean;
  readonly jsonNull: "string" | "discard";
  readonly jsonArray: "array" | "csv";
  readonly where: Where;
  getNext: boolean;
}
