/**
 * Makes objects with the same members again and again: the fields of one source's events. Adding members one by one to an
 * object is most of the price of a decision; a literal, generated once for members that keep coming, costs next to
 * nothing.
 */

export interface Member {
  readonly key: string;
  /** Index of its value. */
  readonly value: number;
}

export type Made<Value> = { [key: string]: Value };

/** Members that have come so often keep coming. */
const GENERATED_AFTER = 16;
/** Names come from events: no more code than this is ever generated. */
const MOST_GENERATED = 2_000;

let generated = 0;

export class ObjectMaker<Value> {
  readonly #members: readonly Member[];
  #uses = 0;
  #literal: ((values: readonly Value[]) => Made<Value>) | null = null;

  /** @param members in order; no key stands twice */
  constructor(members: readonly Member[]) {
    this.#members = members;
  }

  make(values: readonly Value[]): Made<Value> {
    if (this.#literal !== null) return this.#literal(values);
    if (++this.#uses === GENERATED_AFTER) this.#literal = generate(this.#members);
    return build(this.#members, values);
  }
}

function build<Value>(members: readonly Member[], values: readonly Value[]): Made<Value> {
  const object: Made<Value> = {};
  for (const { key, value } of members) setMember(object, key, values[value]!);
  return object;
}

/** Names come from events: `__proto__` must become a member like any other. */
function setMember<Value>(object: Made<Value>, name: string, value: Value): void {
  if (name === "__proto__")
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  else object[name] = value;
}

/** Null where that is too much, or the process was started so that no code may be generated. */
function generate<Value>(members: readonly Member[]): ((values: readonly Value[]) => Made<Value>) | null {
  if (generated >= MOST_GENERATED) return null;
  generated++;
  try {
    return new Function("values", `return ${literalOf(members)};`) as (values: readonly Value[]) => Made<Value>;
  } catch (error) {
    if (error instanceof EvalError) return null;
    throw error;
  }
}

function literalOf(members: readonly Member[]): string {
  return `{ ${members.map(({ key, value }) => `${written(key)}: values[${value}]`).join(", ")} }`;
}

/** As JSON, which is JavaScript too. Brackets would make the object ten times as dear; one key has another meaning without. */
function written(key: string): string {
  return key === "__proto__" ? '["__proto__"]' : JSON.stringify(key);
}
