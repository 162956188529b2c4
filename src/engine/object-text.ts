/** Objects that have the same members again and again, written but for the values of their fields. */
import type { Bytes } from "./bytes.js";
import { type JsonText, jsonText } from "./json-text.js";
import type { Show } from "./show.js";

/** A member of one of the objects: an object of its own, or a field. */
export interface NestedMember {
  readonly key: Bytes;
  /** Index of the field's value; of an object its members. */
  readonly value: number | NestedMember[];
}

/** The text between the values of fields, and which field comes behind each piece but the last. */
export interface Written {
  readonly pieces: readonly string[];
  readonly fields: readonly number[];
}

/**
 * Without recursion: members can nest without end.
 * @param around what stands before and behind each value
 */
export function writeObject(members: readonly NestedMember[], show: Show, around: '"' | "" = ""): Written {
  const pieces: string[] = [];
  const fields: number[] = [];
  let piece = "{";
  const open = [{ members, at: 0 }];
  for (let object = open.at(-1); object !== undefined; object = open.at(-1)) {
    const member = object.members[object.at];
    if (member === undefined) {
      piece += "}";
      open.pop();
      continue;
    }
    piece += `${object.at++ > 0 ? "," : ""}${jsonText(show(member.key))}:`;
    if (typeof member.value === "number") {
      fields.push(member.value);
      pieces.push(piece + around);
      piece = around;
    } else {
      open.push({ members: member.value, at: 0 });
      piece += "{";
    }
  }
  pieces.push(piece);
  return { pieces, fields };
}

export function fillIn({ pieces, fields }: Written, values: readonly JsonText[]): JsonText {
  let text = pieces[0]!;
  for (let at = 0; at < fields.length; at++) text += values[fields[at]!]! + pieces[at + 1]!;
  return text;
}
