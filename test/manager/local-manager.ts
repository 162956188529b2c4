import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTarget } from "../../src/manager/open-target.js";
import type { Target } from "../../src/manager/target.js";
import { MANAGER_FILES, writeTree } from "./sample-manager.js";

/** A directory that is laid out like a manager's. */
export function localManager(over: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), "rulewright-ossec-"));
  writeTree(root, { ...MANAGER_FILES, "VERSION.json": '{"version":"4.14.7"}', ...over });
  return root;
}

export async function openLocal(root: string, agentGroup?: string): Promise<Target> {
  const { target } = await openTarget("local", {
    kind: "directory",
    root,
    owner: String(process.getuid!()),
    group: String(process.getgid!()),
    agent_group: agentGroup,
  });
  return target;
}
