/**
 * What the matching machine has answered, by subject: the statements of a database come again and again in its logs, and a
 * look-up costs a small part of what the machine does.
 */
import type { Bytes } from "../../bytes.js";
import type { Program } from "./program.js";

/** Bytes of a subject: longer ones would take much memory, and come again less. */
const LONGEST = 2_048;
/** With more subjects than this, all are forgotten. */
const REMEMBERED_SUBJECTS = 1_024;

/** Patterns that are gone, as after a ruleset was loaded anew, are not kept. */
const answers = new Map<Bytes, WeakMap<Program, boolean>>();

/** Undefined where the machine must be asked. */
export function knownAnswer(program: Program, subject: Bytes): boolean | undefined {
  return subject.length > LONGEST ? undefined : answers.get(subject)?.get(program);
}

/** For whoever measures what answers take, and for when they would be others. */
export function forgetAnswers(): void {
  answers.clear();
}

export function rememberAnswer(program: Program, subject: Bytes, answer: boolean): void {
  if (subject.length > LONGEST) return;
  let ofSubject = answers.get(subject);
  if (ofSubject === undefined) {
    if (answers.size >= REMEMBERED_SUBJECTS) forgetAnswers();
    ofSubject = new WeakMap();
    // A slice would keep the whole log that it was cut from.
    answers.set(Buffer.from(subject, "latin1").toString("latin1"), ofSubject);
  }
  ofSubject.set(program, answer);
}
