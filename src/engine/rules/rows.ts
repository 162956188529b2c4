/** Arrays whose rows are used again: what is numbered on and on stands in them by the remainder of its number. */

/** V8 keeps so small an array in its own heap, which is much cheaper to make: most sessions are short. */
export const FIRST_ROWS = 8;

interface Rows<Value> {
  readonly length: number;
  [row: number]: Value;
}

/** @param rows a power of two of them */
export function rowOf(number: number, { length }: Rows<unknown>): number {
  return number & (length - 1);
}

/** What is numbered from `first` to before `end`, in an array of more rows. */
export function moveRows<Value, To extends Rows<Value>>(from: Rows<Value>, to: To, first: number, end: number): To {
  for (let number = first; number < end; number++) to[rowOf(number, to)] = from[rowOf(number, from)]!;
  return to;
}
