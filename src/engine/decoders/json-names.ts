/**
 * Names of the fields that JSON members become: those of a log source come again with every event, so each is put
 * together once and found by its keys.
 */
import type { Bytes } from "../bytes.js";
import type { StaticField } from "../model.js";

/** Full dotted names that fill static fields; `user` is looked at apart. */
const STATIC_KEYS: ReadonlyMap<Bytes, StaticField> = new Map([
  ["srcip", "srcip"],
  ["dstip", "dstip"],
  ["srcport", "srcport"],
  ["dstport", "dstport"],
  ["protocol", "protocol"],
  ["action", "action"],
  ["srcuser", "srcuser"],
  ["dstuser", "dstuser"],
  ["id", "id"],
  ["status", "status"],
  ["url", "url"],
  ["data", "data"],
  ["extra_data", "extra_data"],
  ["systemname", "system_name"],
]);

/** Names come from events: with more than this, all are forgotten. */
const REMEMBERED_NAMES = 20_000;
/** Bytes. */
const LONGEST_REMEMBERED = 256;
let remembered = 0;

/** A slice would keep the whole log that it was cut from. */
function ownCopy(key: Bytes): Bytes {
  return Buffer.from(key, "latin1").toString("latin1");
}

export class NameNode {
  /** With the names of all objects around it, and dots between. */
  readonly name: Bytes;
  /** The static field that it fills. */
  readonly field: StaticField | undefined;
  readonly isUser: boolean;
  /** Its key with quotes and colon, as it mostly stands in a log; null where it cannot. */
  readonly written: Uint8Array | null;
  /** The member that came first in the object of this name, and the one that came behind it: mostly they do again. */
  firstChild: NameNode | null = null;
  next: NameNode | null = null;
  readonly #prefix: Bytes;
  readonly #children = new Map<Bytes, NameNode>();

  constructor(name: Bytes, prefix: Bytes, key: Bytes) {
    this.name = name;
    this.written = /["\\]/.test(key) ? null : Buffer.from(`"${key}":`, "latin1");
    this.field = STATIC_KEYS.get(name);
    this.isUser = name === "user";
    this.#prefix = prefix;
  }

  child(key: Bytes): NameNode {
    let child = this.#children.get(key);
    if (child === undefined) {
      const own = ownCopy(key);
      const name = this.#prefix + own;
      child = new NameNode(name, `${name}.`, own);
      if (name.length <= LONGEST_REMEMBERED) {
        this.#children.set(own, child);
        remembered++;
      }
    }
    return child;
  }
}

let root = new NameNode("", "", "");

/** The place where names begin. */
export function nameTree(): NameNode {
  if (remembered > REMEMBERED_NAMES) {
    root = new NameNode("", "", "");
    remembered = 0;
  }
  return root;
}
