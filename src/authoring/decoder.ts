import type { StaticFieldName } from "../ir/field-names.js";
import type { BranchNode, DecoderNode, EntryNode, ExtractNode } from "../ir/nodes.js";
import type { NamedGroups, Pattern } from "./pattern.js";
import { callerPosition } from "./source-position.js";

declare const fields: unique symbol;

/** A decoder; `F` is the union of the field names that it can set. */
export interface Decoder<F extends string = string> extends DecoderNode {
  readonly [fields]?: F;
}

/** Extractions of one log form; `F` as in the pattern's groups, before the decoder's prefix. */
export interface Branch<F extends string = string> extends BranchNode {
  readonly [fields]?: F;
}

/** A pattern without named groups, with the names of its captures in order. */
export interface Ordered<F extends string = string> {
  readonly pattern: Pattern;
  readonly order: readonly F[];
}

type Extraction = Pattern | Ordered;
type ExtractedBy<E> = E extends Pattern<"pcre2", infer P> ? NamedGroups<P> : E extends Ordered<infer F> ? F : never;
type FieldsOfBranch<B> = B extends Branch<infer F> ? F : never;

/** Name that rules use for a group: static fields keep theirs, all others get the decoder's prefix. */
export type FieldName<Prefix extends string, G extends string> = G extends StaticFieldName ? G : `${Prefix}${G}`;

/**
 * The extractions of one log form: `branch({ name, prematch, extract: [pcre2("user=(?<srcuser>\\S+)")] })`.
 * With `offset: "after_regex"` each is looked for behind the last one that matched, which is quicker in a long log: they
 * stand in the order of the log then, and `^` is where the last one ended.
 */
export function branch<const E extends readonly Extraction[]>(spec: {
  readonly name: string;
  readonly prematch?: Pattern;
  readonly extract: E;
  readonly offset?: "after_regex";
}): Branch<ExtractedBy<E[number]>> {
  const extract = spec.extract.map(
    (each): ExtractNode =>
      Object.freeze(
        "kind" in each ? { pattern: each } : { pattern: each.pattern, order: Object.freeze([...each.order]) },
      ),
  );
  return Object.freeze({
    kind: "branch",
    name: spec.name,
    ...(spec.prematch && { prematch: spec.prematch }),
    extract: Object.freeze(extract),
    ...(spec.offset && { offset: spec.offset }),
    where: callerPosition(branch),
  });
}

/**
 * A decoder: the entries by which events come to it, and the branches that take fields out of them. Its field names
 * are inferred from the named groups; a rule that names another one does not compile.
 */
export function decoder<const Prefix extends string, const B extends readonly Branch[]>(spec: {
  readonly name: string;
  readonly description: string;
  readonly prefix: Prefix;
  readonly entries: readonly EntryNode[];
  readonly branches: B;
}): Decoder<FieldName<Prefix, FieldsOfBranch<B[number]>>> {
  return Object.freeze({
    kind: "decoder",
    name: spec.name,
    description: spec.description,
    prefix: spec.prefix,
    entries: Object.freeze(spec.entries.map((entry) => Object.freeze({ ...entry }))),
    branches: Object.freeze([...spec.branches]),
    where: callerPosition(decoder),
  });
}
