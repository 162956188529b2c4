/**
 * Makes objects with the same members again and again: the fields of one source's events. Adding members one by one to an
 * object is most of the price of a decision; a literal, generated once for members that keep coming, costs next to
 * nothing.
 */

export type Fields = Record<string, string>;

type Literal = (statics: readonly string[], dynamic: readonly string[]) => Fields;

/** Members that have come so often keep coming. */
const GENERATED_AFTER = 16;
/** Names come from events: no more code than this is ever generated. */
const MOST_GENERATED = 2_000;

let generated = 0;

export class FieldsMaker {
  /** Where a name stands first counts. */
  readonly #names: readonly string[];
  readonly #statics: number;
  #uses = 0;
  #literal: Literal | null = null;

  /**
   * @param statics names of the static fields, which come first
   * @param dynamic those of the dynamic ones; of fields with the same name the first counts
   */
  constructor(statics: readonly string[], dynamic: readonly string[]) {
    this.#names = [...statics, ...dynamic];
    this.#statics = statics.length;
  }

  /** @param statics values in the order of the names; so `dynamic` */
  make(statics: readonly string[], dynamic: readonly string[]): Fields {
    if (this.#literal !== null) return this.#literal(statics, dynamic);
    if (++this.#uses === GENERATED_AFTER) this.#literal = generate(literalOf(this.#names, this.#statics));
    return build(this.#names, [...statics, ...dynamic]);
  }
}

function build(names: readonly string[], values: readonly string[]): Fields {
  const fields: Fields = {};
  for (const [at, name] of names.entries()) if (!Object.hasOwn(fields, name)) setMember(fields, name, values[at]!);
  return fields;
}

/** Names come from events: `__proto__` must become a member like any other. */
function setMember(fields: Fields, name: string, value: string): void {
  if (name === "__proto__")
    Object.defineProperty(fields, name, { value, enumerable: true, writable: true, configurable: true });
  else fields[name] = value;
}

/** Null where that is too much, or the process was started so that no code may be generated. */
function generate(literal: string): Literal | null {
  if (generated >= MOST_GENERATED) return null;
  generated++;
  try {
    return new Function("statics", "dynamic", `return ${literal};`) as Literal;
  } catch (error) {
    if (error instanceof EvalError) return null;
    throw error;
  }
}

function literalOf(names: readonly string[], statics: number): string {
  const members = [...new Set(names)].map((name) => {
    const at = names.indexOf(name);
    return `${written(name)}: ${at < statics ? `statics[${at}]` : `dynamic[${at - statics}]`}`;
  });
  return `{ ${members.join(", ")} }`;
}

/** As JSON, which is JavaScript too. Brackets would make the object ten times as dear; one key has another meaning without. */
function written(key: string): string {
  return key === "__proto__" ? '["__proto__"]' : JSON.stringify(key);
}
