/**
 * Names of the fields that JSON members become: those of a log source come again with every event, so each is put
 * together once and found by its keys.
 */
import type { Bytes } from "../bytes.js";
import { NextName } from "../field-names.js";
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

/** Names come from events: with more than this, or more bytes of their keys, all are forgotten. */
const REMEMBERED_NAMES = 20_000;
const REMEMBERED_BYTES = 1 << 20;
/** Bytes. */
const LONGEST_REMEMBERED = 256;
let remembered = 0;

/** Keys with quotes and colon, as they mostly stand in a log: side by side, in the order in which they came. */
export const writtenKeys = Buffer.alloc(REMEMBERED_BYTES);
let written = 0;

/** A slice would keep the whole log that it was cut from. */
function ownCopy(key: Bytes): Bytes {
  return Buffer.from(key, "latin1").toString("latin1");
}

export class NameNode {
  /** The static field that it fills. */
  readonly field: StaticField | undefined;
  readonly isUser: boolean;
  /** With the names of all objects around it, and dots between. */
  readonly name: NextName;
  /** Where its key lies in `writtenKeys`, and of how many bytes; 0 where it is not there. */
  readonly key: number;
  readonly keySize: number;
  /** The member that came first in the object of this name, and the one that came behind it: mostly they do again. */
  firstChild: NameNode | null = null;
  next: NameNode | null = null;
  readonly #prefix: Bytes;
  readonly #children = new Map<Bytes, NameNode>();

  constructor(name: Bytes, prefix: Bytes, key: Bytes) {
    this.name = new NextName(name);
    this.field = STATIC_KEYS.get(name);
    this.isUser = name === "user";
    this.key = written;
    this.keySize = name.length > LONGEST_REMEMBERED || /["\\]/.test(key) ? 0 : writeKey(key);
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

/** @returns its bytes; 0 where there is no room for it */
function writeKey(key: Bytes): number {
  const text = `"${key}":`;
  if (written + text.length > writtenKeys.length) return 0;
  written += writtenKeys.write(text, written, "latin1");
  return text.length;
}

let root = new NameNode("", "", "");

/** The place where names begin. */
export function nameTree(): NameNode {
  if (remembered > REMEMBERED_NAMES || written > REMEMBERED_BYTES / 2) {
    root = new NameNode("", "", "");
    remembered = 0;
    written = 0;
  }
  return root;
}
