import type { ListContent, ListNode } from "../ir/nodes.js";
import type { Grant } from "../policy/grants.js";
import { callerPosition } from "./source-position.js";

type Content =
  | { readonly from: "grants"; readonly anyOf: readonly Grant[] }
  | Exclude<ListContent, { readonly from: "grants" }>;

/** A CDB list; rules look fields up in it with `listed` and `notListed`. */
export function list(spec: {
  readonly name: string;
  readonly description: string;
  readonly content: Content;
}): ListNode {
  return Object.freeze({ kind: "list", ...spec, content: Object.freeze(spec.content), where: callerPosition(list) });
}
