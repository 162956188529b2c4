/**
 * Makes objects with the same members again and again: the fields of one source's events. Adding members one by one to an
 * object is most of the price of a decision; a literal, generated once for members that keep coming, costs next to
 * nothing.
 */

/** A member of one of the objects: an object of its own, or a value. */
export interface Member {
  /** Number of the object that it belongs to; 0 is the one that is made. */
  readonly parent: number;
  readonly key: string;
  /** Index of the value; of an object, which gets the next number, null. */
  readonly value: number | null;
}

/** In order, flat because names can nest without end. No key of an object stands twice. */
export type Template = readonly Member[];

export type Made<Value> = { [key: string]: Value | Made<Value> };

/** Members that have come so often keep coming. */
const GENERATED_AFTER = 16;
/** Names come from events: no more code than this is ever generated, and none that nests deeper. */
const MOST_GENERATED = 2_000;
const DEEPEST_GENERATED = 32;

let generated = 0;

export class ObjectMaker<Value> {
  readonly #template: Template;
  #uses = 0;
  #literal: ((values: readonly Value[]) => Made<Value>) | null = null;

  constructor(template: Template) {
    this.#template = template;
  }

  make(values: readonly Value[]): Made<Value> {
    if (this.#literal !== null) return this.#literal(values);
    if (++this.#uses === GENERATED_AFTER) this.#literal = generate(this.#template);
    return build(this.#template, values);
  }
}

function build<Value>(template: Template, values: readonly Value[]): Made<Value> {
  const objects: Made<Value>[] = [{}];
  for (const { parent, key, value } of template) {
    if (value !== null) setMember<Made<Value>[string]>(objects[parent]!, key, values[value]!);
    else {
      const object: Made<Value> = {};
      setMember<Made<Value>[string]>(objects[parent]!, key, object);
      objects.push(object);
    }
  }
  return objects[0]!;
}

/** Names come from events: `__proto__` must become a member like any other. */
export function setMember<Value>(object: Record<string, Value>, name: string, value: Value): void {
  if (name === "__proto__")
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  else object[name] = value;
}

/** Null where that is too much, or the process was started so that no code may be generated. */
function generate<Value>(template: Template): ((values: readonly Value[]) => Made<Value>) | null {
  if (generated >= MOST_GENERATED || depthOf(template) > DEEPEST_GENERATED) return null;
  generated++;
  try {
    return new Function("values", `return ${literalOf(template)};`) as (values: readonly Value[]) => Made<Value>;
  } catch (error) {
    if (error instanceof EvalError) return null;
    throw error;
  }
}

function depthOf(template: Template): number {
  const depths = [1];
  for (const { parent, value } of template) if (value === null) depths.push(depths[parent]! + 1);
  return depths.reduce((deepest, depth) => Math.max(deepest, depth));
}

function literalOf(template: Template, object = 0): string {
  let number = 0;
  const members: string[] = [];
  for (const { parent, key, value } of template) {
    if (value === null) number++;
    if (parent !== object) continue;
    members.push(`${written(key)}: ${value === null ? literalOf(template, number) : `values[${value}]`}`);
  }
  return `{ ${members.join(", ")} }`;
}

/** As JSON, which is JavaScript too. Brackets would make the object ten times as dear; one key has another meaning without. */
function written(key: string): string {
  return key === "__proto__" ? '["__proto__"]' : JSON.stringify(key);
}
