/** What differs on a target from the last deployment. What could not be looked at is never counted as clean. */
import { Problem } from "../diagnostics/problem.js";
import { sha256 } from "./build-output.js";
import { lastDeployment, readJournal } from "./deployment/history.js";
import type { DeploymentRecord } from "./deployment/record.js";
import { keyOf, readPiece, sameContent } from "./pieces.js";
import { FILE_KINDS, type Target } from "./target.js";

export interface DriftEntry {
  readonly path: string;
  readonly state: "as deployed" | "changed" | "missing" | "not checked";
  /** For `not checked`. */
  readonly reason?: string;
}

export interface Drift {
  /** Null: nothing has been deployed, so nothing can be told. */
  readonly deployment: DeploymentRecord | null;
  readonly interrupted: boolean;
  /** Every piece of the deployment. */
  readonly entries: readonly DriftEntry[];
  /** Custom files of others that have come, gone or changed since: they may decide events in place of ours. */
  readonly others: readonly { readonly path: string; readonly state: "added" | "changed" | "removed" }[];
  readonly managerVersion: { readonly deployed: string | null; readonly now: string | null };
  /** Beyond the entries. */
  readonly notChecked: readonly string[];
}

export async function findDrift(target: Target): Promise<Drift> {
  const deployment = await lastDeployment(target.state);
  const interrupted = (await readJournal(target.state)) !== null;
  const facts = await target.facts();
  const notChecked = [...(facts.notChecked ?? [])];
  const managerVersion = { deployed: deployment?.managerVersion ?? null, now: facts.version };
  if (!deployment) return { deployment, interrupted, entries: [], others: [], managerVersion, notChecked };
  const entries: DriftEntry[] = [];
  for (const { address, content } of deployment.pieces) {
    const path = keyOf(address);
    try {
      const now = await readPiece(target, address);
      const same = sameContent(address, now, content);
      entries.push({ path, state: same ? "as deployed" : now === null ? "missing" : "changed" });
    } catch (error) {
      entries.push({ path, state: "not checked", reason: reasonOf(error) });
    }
  }
  const declared = new Set(
    deployment.pieces.flatMap(({ address }) => (address.kind === "configuration" ? [address.node] : [])),
  );
  for (const { name } of facts.nodes)
    if (declared.size > 0 && !declared.has(name))
      entries.push({ path: keyOf({ kind: "configuration", node: name }), state: "missing" });
  try {
    // A node that does not have the files in this time is not one that has been checked.
    await target.synchronise({ timeoutMs: 0 });
  } catch (error) {
    notChecked.push(`whether every node has the files: ${reasonOf(error)}`);
  }
  return {
    deployment,
    interrupted,
    entries,
    others: await othersOf(target, deployment, notChecked),
    managerVersion,
    notChecked,
  };
}

export function isClean({ deployment, interrupted, entries, others, managerVersion, notChecked }: Drift): boolean {
  return (
    deployment !== null &&
    !interrupted &&
    entries.every(({ state }) => state === "as deployed") &&
    others.length === 0 &&
    notChecked.length === 0 &&
    managerVersion.deployed === managerVersion.now
  );
}

async function othersOf(target: Target, { pieces, others }: DeploymentRecord, notChecked: string[]) {
  const ours = new Set(pieces.map(({ address }) => keyOf(address)));
  const now = new Map<string, string>();
  for (const kind of FILE_KINDS) {
    try {
      for (const name of await target.list(kind)) {
        const path = keyOf({ kind, name });
        const bytes = ours.has(path) ? null : await target.read({ kind, name });
        if (bytes) now.set(path, sha256(bytes));
      }
    } catch (error) {
      notChecked.push(`etc/${kind}: ${reasonOf(error)}`);
      return [];
    }
  }
  const direct = Object.entries(others).filter(([path]) => path.split("/").length === 3);
  const then = new Map(direct);
  return [...new Set([...then.keys(), ...now.keys()])].sort().flatMap((path) => {
    const [old, fresh] = [then.get(path), now.get(path)];
    if (old === fresh) return [];
    const state =
      old === undefined ? ("added" as const) : fresh === undefined ? ("removed" as const) : ("changed" as const);
    return [{ path, state }];
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof Problem) return error.diagnostics.map(({ message }) => message).join("; ");
  throw error;
}
