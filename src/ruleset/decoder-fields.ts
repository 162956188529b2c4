/** `<order>` and `<fts>` of a decoder. */
import type { Bytes } from "../engine/bytes.js";
import { type OrderField, type OrderFtsField, STATIC_FIELDS, type StaticField } from "../engine/model.js";
import { firstWord, sameName, splitAtCommas } from "./c-text.js";
import type { Reporter } from "./reporter.js";
import type { XmlElement } from "./xml.js";

/** Fields of an `<order>`; only spaces are trimmed: a line break makes a dynamic field of that name. */
export function readOrder(element: XmlElement, orderSize: number, reporter: Reporter): OrderField[] {
  if (element.content.split(",").length > orderSize) {
    reporter.refuse("decoder-order-too-long", `order lists more than ${orderSize} fields`, element.where);
  }
  return wordsOf(element, orderSize, reporter).map(orderField);
}

function orderField(word: Bytes): OrderField {
  // `user` is another name of dstuser.
  const name = word === "user" ? "dstuser" : word;
  return isStaticField(name) ? { kind: "static", name } : { kind: "dynamic", name };
}

function isStaticField(name: Bytes): name is StaticField {
  return (STATIC_FIELDS as readonly string[]).includes(name);
}

type StaticFts = Extract<OrderFtsField, { kind: "static" }>["name"];

const FTS_WORDS: Readonly<Record<Bytes, StaticFts>> = {
  dstuser: "dstuser",
  user: "dstuser",
  srcuser: "srcuser",
  srcip: "srcip",
  dstip: "dstip",
  id: "id",
  location: "location",
  data: "data",
  extra_data: "data",
  system_name: "system_name",
  name: "name",
};

/** The order in which the real engine strings the values together (fts.c). */
const FTS_ORDER: readonly StaticFts[] = [
  "name",
  "id",
  "dstuser",
  "srcuser",
  "srcip",
  "dstip",
  "data",
  "system_name",
  "location",
];

/** What the `<fts>` elements of one decoder add up to: static fields of all of them, dynamic ones of the last. */
export class FtsList {
  readonly #statics = new Set<StaticFts>();
  readonly #dynamics = new Set<number>();
  #sawDynamic = false;

  /**
   * A dynamic field is looked up among those that `<order>` names in front of its first static field, and it is an
   * error when it is not there; as long as there is no `<order>` yet it is passed over in silence.
   */
  read(element: XmlElement, order: readonly OrderField[] | null, orderSize: number, reporter: Reporter): void {
    this.#dynamics.clear();
    for (const word of wordsOf(element, orderSize, reporter)) {
      if (Object.hasOwn(FTS_WORDS, word)) this.#statics.add(FTS_WORDS[word]!);
      else if (order) this.#dynamics.add(this.#position(word, order, element, reporter));
    }
  }

  /** The position in `order`. */
  #position(word: Bytes, order: readonly OrderField[], element: XmlElement, reporter: Reporter): number {
    const firstStatic = order.findIndex((field) => field.kind === "static");
    const dynamics = firstStatic < 0 ? order : order.slice(0, firstStatic);
    const position = dynamics.findIndex((field) => sameName(field.name, word));
    this.#sawDynamic = true;
    if (position >= 0) return position;
    return reporter.refuse(
      "decoder-fts-field-unknown",
      `fts names "${word}", which order does not list in front of its static fields`,
      element.where,
    );
  }

  /** With the `<order>` that is in force at the end. */
  fields(order: readonly OrderField[] | null): OrderFtsField[] {
    const statics = FTS_ORDER.filter((name) => this.#statics.has(name));
    const dynamics = [...this.#dynamics].sort((a, b) => a - b).map((position) => order?.[position]);
    const fields: OrderFtsField[] = [
      ...statics.map((name): OrderFtsField => ({ kind: "static", name })),
      ...dynamics.filter((field) => field?.kind === "dynamic"),
    ];
    // Dynamic fields that a later element took back leave the decoder with fts on its bare name.
    return fields.length === 0 && this.#sawDynamic ? [{ kind: "static", name: "name" }] : fields;
  }
}

function wordsOf(element: XmlElement, limit: number, reporter: Reporter): Bytes[] {
  const words = splitAtCommas(element.content, limit).map(firstWord);
  if (words.includes("")) {
    reporter.refuse("decoder-field-empty", `${element.name} has an empty entry: "${element.content}"`, element.where);
  }
  return words;
}
