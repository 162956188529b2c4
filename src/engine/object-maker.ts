/**
 * Makes objects with the same members again and again: the fields of one source's events. Adding members one by one to an
 * object is most of the price of a decision; a literal, generated once for members that keep coming, costs next to
 * nothing.
 */

/** Members in order: the index of the value, or an object of its own. No key stands twice. */
export type Template = readonly (readonly [key: string, value: number | Template])[];

/** Objects that are made with `value` at the places of their template's indexes. */
export type Made<Value> = { [key: string]: Value | Made<Value> };

/** Members that have come so often keep coming. */
const GENERATED_AFTER = 16;
/** Names come from events: no more code than this is ever generated. */
const MOST_GENERATED = 2_000;

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
  const object: Made<Value> = {};
  for (const [key, value] of template) {
    setMember<Made<Value>[string]>(object, key, typeof value === "number" ? values[value]! : build(value, values));
  }
  return object;
}

/** Names come from events: `__proto__` must become a member like any other. */
export function setMember<Value>(object: Record<string, Value>, name: string, value: Value): void {
  if (name === "__proto__")
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  else object[name] = value;
}

/** Null where the process was started so that no code may be generated. */
function generate<Value>(template: Template): ((values: readonly Value[]) => Made<Value>) | null {
  if (generated >= MOST_GENERATED) return null;
  generated++;
  try {
    // Keys are written as JSON, which is a string of JavaScript's too, and in brackets, where none has another meaning.
    return new Function("values", `return ${literalOf(template)};`) as (values: readonly Value[]) => Made<Value>;
  } catch (error) {
    if (error instanceof EvalError) return null;
    throw error;
  }
}

function literalOf(template: Template): string {
  const members = template.map(
    ([key, value]) => `[${JSON.stringify(key)}]: ${typeof value === "number" ? `values[${value}]` : literalOf(value)}`,
  );
  return `{ ${members.join(", ")} }`;
}
