import type { PackNode } from "../ir/nodes.js";
import { callerPosition } from "./source-position.js";

/** Everything that is compiled together. */
export function pack(spec: Omit<PackNode, "kind" | "where">): PackNode {
  return Object.freeze({
    kind: "pack",
    ...spec,
    decoders: Object.freeze([...spec.decoders]),
    base: Object.freeze([...spec.base]),
    useCases: Object.freeze([...spec.useCases]),
    where: callerPosition(pack),
  });
}
