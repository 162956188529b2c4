/** One `<decoder>` element to a draft: the elements, limits, warnings and errors of decode-xml.c. */
import type { Where } from "../diagnostics/diagnostic.js";
import { type Bytes, fromBytes } from "../engine/bytes.js";
import { EVENT_TYPES, type EventType, type OrderField, type Plugin } from "../engine/model.js";
import { asciiLower } from "../engine/regex/ascii.js";
import type { Dialect, Expression } from "../engine/regex/expression.js";
import type { DecoderDraft } from "./decoder-draft.js";
import { FtsList, readOrder } from "./decoder-fields.js";
import { checkOffsets, type DecoderOffsets, offsetOf } from "./decoder-offsets.js";
import { compileExpression, dialectNamed } from "./expressions.js";
import type { Reporter } from "./reporter.js";
import { attributeOf, type XmlElement } from "./xml.js";

/** Longest pattern, all elements of one name together, in bytes. */
const MAX_TEXT = 1023;
const PLUGINS: readonly Plugin[] = [
  "PF_Decoder",
  "SymantecWS_Decoder",
  "SonicWall_Decoder",
  "OSSECAlert_Decoder",
  "JSON_Decoder",
];

/** A pattern under construction: several elements of one name are run together, the last one's type counts. */
interface Pattern {
  text: Bytes | null;
  dialect: Dialect;
  /** Its first element. */
  where: Where | null;
}

/** Reads an element whose attributes were checked. */
export function readDecoder(element: XmlElement, orderSize: number, reporter: Reporter): DecoderDraft {
  const name = element.attributes[0]!.value;
  return new DecoderReader(element, name, orderSize, reporter).read();
}

class DecoderReader {
  readonly #element: XmlElement;
  readonly #name: Bytes;
  readonly #orderSize: number;
  readonly #reporter: Reporter;
  readonly #regex: Pattern = { text: null, dialect: "osregex", where: null };
  readonly #prematch: Pattern = { text: null, dialect: "osregex", where: null };
  readonly #programName: Pattern = { text: null, dialect: "osmatch", where: null };
  readonly #offsets: DecoderOffsets = { regex: "none", prematch: "none", plugin: "none" };
  readonly #fts = new FtsList();
  #parent: Bytes | null = null;
  #useOwnName = false;
  #type: EventType = EVENT_TYPES.syslog;
  #order: OrderField[] | null = null;
  #plugin: Plugin | null = null;
  #ftsComment: Bytes | null = null;
  #accumulate = false;
  #jsonNull: "string" | "discard" = "string";
  #jsonArray: "array" | "csv" = "array";

  constructor(element: XmlElement, name: Bytes, orderSize: number, reporter: Reporter) {
    this.#element = element;
    this.#name = name;
    this.#orderSize = orderSize;
    this.#reporter = reporter;
  }

  read(): DecoderDraft {
    for (const child of this.#element.children) this.#readElement(child);
    const fts = this.#fts.fields(this.#order);
    this.#checkParts(fts.length > 0);
    const regexOffset = checkOffsets(
      this.#offsets,
      {
        name: this.#name,
        hasParent: this.#parent !== null,
        hasPrematch: this.#prematch.text !== null,
        hasRegex: this.#regex.text !== null,
      },
      this.#element.where,
      this.#reporter,
    );
    const prematch = this.#compile(this.#prematch, "prematch", false);
    const programName = this.#compile(this.#programName, "program_name", false);
    const regex = this.#compile(this.#regex, "regex", true);
    if (this.#plugin && (regex || this.#order)) {
      this.#refuse("decoder-plugin-with-regex", "has a plugin_decoder and a regex; remove one of them");
    }
    return {
      name: this.#name,
      parent: this.#parent,
      useOwnName: this.#useOwnName,
      type: this.#type,
      programName,
      prematch,
      prematchOffset: this.#offsets.prematch,
      regex,
      regexOffset,
      order: this.#order ?? [],
      plugin: this.#plugin,
      pluginOffset: this.#offsets.plugin,
      fts,
      ftsComment: this.#ftsComment,
      accumulate: this.#accumulate,
      jsonNull: this.#jsonNull,
      jsonArray: this.#jsonArray,
      where: this.#element.where,
      getNext: false,
    };
  }

  #readElement(child: XmlElement): void {
    const { content } = child;
    // The names of all elements but `type` are taken in any case of letters.
    const name = asciiLower(child.name);
    switch (name === "type" ? child.name : name) {
      case "parent":
        this.#parent = this.#append(this.#parent, child);
        return;
      case "regex":
        this.#readOffset("regex", this.#regex, child);
        this.#readPattern(this.#regex, child, "osregex", ["osregex", "pcre2"]);
        return;
      case "prematch":
        this.#readOffset("prematch", this.#prematch, child);
        this.#readPattern(this.#prematch, child, "osregex", ["osregex", "pcre2"]);
        return;
      case "program_name":
        this.#readPattern(this.#programName, child, "osmatch", ["osmatch", "osregex", "pcre2"]);
        return;
      case "ftscomment":
        this.#ftsComment = this.#append(this.#ftsComment, child);
        return;
      case "use_own_name":
        this.#useOwnName ||= content === "true";
        return;
      case "plugin_decoder":
        this.#readPlugin(child);
        return;
      case "json_null_field":
        this.#jsonNull = this.#choice(child, ["string", "discard"]);
        return;
      case "json_array_structure":
        this.#jsonArray = this.#choice(child, ["array", "csv"]);
        return;
      case "type":
        this.#readType(child);
        return;
      case "order":
        this.#order = readOrder(child, this.#orderSize, this.#reporter);
        return;
      case "accumulate":
        this.#accumulate = true;
        return;
      case "fts":
        this.#fts.read(child, this.#order, this.#orderSize, this.#reporter);
        return;
      default:
        this.#refuse("decoder-element-unknown", `holds the unknown element "${child.name}"`, child);
    }
  }

  /** Runs texts together. One that grows too long is reported and lost altogether, and the decoder goes on without. */
  #append(text: Bytes | null, child: XmlElement): Bytes | null {
    if ((text?.length ?? 0) + child.content.length <= MAX_TEXT) return (text ?? "") + child.content;
    const message = `${child.name} of decoder "${fromBytes(this.#name)}" is longer than ${MAX_TEXT} bytes and left out`;
    this.#reporter.error("decoder-text-too-long", message, child.where);
    return null;
  }

  #readPattern(pattern: Pattern, child: XmlElement, fallback: Dialect, allowed: readonly Dialect[]): void {
    const type = attributeOf(child, "type");
    const dialect = type === undefined ? fallback : dialectNamed(type);
    if (dialect && allowed.includes(dialect)) {
      pattern.dialect = dialect;
    } else {
      this.#warn("decoder-type-invalid", `type "${type}" of ${child.name} is unknown and taken as ${fallback}`, child);
      pattern.dialect = fallback;
    }
    pattern.where ??= child.where;
    pattern.text = this.#append(pattern.text, child);
  }

  #readOffset(what: "regex" | "prematch", pattern: Pattern, child: XmlElement): void {
    const offset = offsetOf(child);
    if (offset === "none") return;
    if (offset === undefined) {
      // The real engine says so with an error for prematch and with a warning for regex, and goes on either way.
      const message = `offset of ${what} in decoder "${fromBytes(this.#name)}" is unknown and left out`;
      if (what === "prematch") this.#reporter.error("decoder-offset-invalid", message, child.where);
      else this.#reporter.warning("decoder-offset-invalid", message, child.where);
      return;
    }
    if (pattern.text !== null) {
      this.#refuse(
        "decoder-offset-duplicate",
        `has an offset on a ${what} that is not its first; move it there`,
        child,
      );
    }
    this.#offsets[what] = offset;
  }

  #readPlugin(child: XmlElement): void {
    this.#plugin = PLUGINS.find((plugin) => plugin === child.content) ?? this.#plugin;
    if (!this.#plugin) this.#refuse("decoder-plugin-unknown", `names the unknown plugin "${child.content}"`, child);
    this.#offsets.plugin =
      offsetOf(child) ?? this.#refuse("decoder-offset-invalid", "has an unknown offset on its plugin_decoder", child);
  }

  /** A word of two, in any case; anything else is a warning and the first of them (`empty` is a former word). */
  #choice<T extends string>(child: XmlElement, [fallback, other]: readonly [T, T]): T {
    const word = asciiLower(child.content);
    if (word === fallback || word === other) return word as T;
    this.#warn(
      "decoder-value-invalid",
      `"${child.content}" of ${child.name} is unknown and taken as ${fallback}`,
      child,
    );
    return fallback;
  }

  #readType(child: XmlElement): void {
    if (!Object.hasOwn(EVENT_TYPES, child.content) || child.content === "unknown") {
      this.#refuse("decoder-type-unknown", `is of the unknown type "${child.content}"`, child);
    }
    this.#type = EVENT_TYPES[child.content as keyof typeof EVENT_TYPES];
  }

  #checkParts(hasFts: boolean): void {
    if (this.#prematch.text === null && this.#parent === null && this.#programName.text === null) {
      this.#refuse("decoder-without-prematch", "has no prematch, no program_name and no parent; add one of them");
    }
    if (this.#regex.text === null && (hasFts || this.#order)) {
      this.#refuse("decoder-order-without-regex", "has an order or fts but no regex");
    }
    if (this.#regex.text !== null && !this.#order) {
      this.#refuse("decoder-regex-without-order", "has a regex but no order");
    }
  }

  #compile({ text, dialect, where }: Pattern, what: string, captures: boolean): Expression | null {
    if (text === null) return null;
    const label = `${what} of decoder "${fromBytes(this.#name)}"`;
    return compileExpression(dialect, text, captures, label, where ?? this.#element.where, this.#reporter);
  }

  #warn(code: string, message: string, child: XmlElement): void {
    this.#reporter.warning(code, `in decoder "${fromBytes(this.#name)}" ${fromBytes(message)}`, child.where);
  }

  #refuse(code: string, message: string, child: XmlElement = this.#element): never {
    this.#reporter.refuse(code, `decoder "${fromBytes(this.#name)}" ${fromBytes(message)}`, child.where);
  }
}
