/** What is on the target of ours, and what shall be. */

import { problem } from "../../diagnostics/problem.js";
import { toBytes } from "../../engine/bytes.js";
import type { BuildOutput } from "../build-output.js";
import { declaredElsewhere } from "../configuration-lists.js";
import type { DeploymentRecord } from "../deployment/record.js";
import { keyOf, listsContent, type Piece, readPiece } from "../pieces.js";
import type { Address, Target, TargetFacts } from "../target.js";

export interface Change {
  /** Every piece that is ours or would be, as it is now; by `keyOf` in the same order as `after`. */
  readonly before: readonly Piece[];
  readonly after: readonly Piece[];
}

/** What a build would put on this target, the group's agent.conf included where one is named. */
export async function piecesOfBuild(
  target: Target,
  facts: TargetFacts,
  build: BuildOutput,
  agentGroup: string | null,
): Promise<Piece[]> {
  const declared = await Promise.all(
    facts.nodes.map(async ({ name: node }): Promise<Piece> => {
      const address: Address = { kind: "configuration", node };
      const text = await target.read(address);
      if (!text) throw problem(2, { code: "target-file-missing", message: `${target.place} has no ${keyOf(address)}` });
      const others = declaredElsewhere(toBytes(text), build.lists);
      return { address, content: listsContent(build.lists.filter((list) => !others.includes(list))) };
    }),
  );
  const group: Piece[] =
    agentGroup !== null && build.agentConfiguration
      ? [{ address: { kind: "group", name: agentGroup }, content: build.agentConfiguration }]
      : [];
  return [...build.files, ...declared, ...group];
}

/** What a kept deployment would put there again; nodes that have gone are left out. */
export function piecesOfRecord(facts: TargetFacts, record: DeploymentRecord): Piece[] {
  const nodes = new Set(facts.nodes.map(({ name }) => name));
  return record.pieces.filter(({ address }) => address.kind !== "configuration" || nodes.has(address.node));
}

/** From what is there to these pieces: what the last deployment put there and these do not have goes away. */
export async function changeTo(
  target: Target,
  facts: TargetFacts,
  wanted: readonly Piece[],
  last: DeploymentRecord | null,
): Promise<Change> {
  const keys = new Set(wanted.map(({ address }) => keyOf(address)));
  const dropped = (last ? piecesOfRecord(facts, last) : []).filter(({ address }) => !keys.has(keyOf(address)));
  const after = [...wanted, ...dropped.map(({ address }) => ({ address, content: null }))];
  const before: Piece[] = [];
  for (const { address } of after) before.push({ address, content: await readPiece(target, address) });
  return { before, after };
}
