import type { UseCaseNode } from "../ir/nodes.js";
import { callerPosition } from "./source-position.js";

/** Groups the rules that answer one question of the customer's. Its group, ATT&CK ids and controls go to each of them. */
export function useCase(spec: Omit<UseCaseNode, "kind" | "where">): UseCaseNode {
  return Object.freeze({
    kind: "use-case",
    ...spec,
    rules: Object.freeze([...spec.rules]),
    where: callerPosition(useCase),
  });
}
