/** The deployments that a target remembers, and the journal of one that is under way. */
import { problem } from "../../diagnostics/problem.js";
import type { StateStore } from "../target.js";
import { beforeFirst, type DeploymentRecord, type Journal, pack, unpackJournal, unpackRecord } from "./record.js";

/** So many deployments can be gone back to. */
export const KEPT = 10;

const JOURNAL = "journal";
const RECORD = /^deployment-(0|[1-9]\d*)$/;

/** Numbers of the deployments that are kept, oldest first; the last is what is in place. */
export async function deploymentNumbers(state: StateStore): Promise<readonly number[]> {
  const names = await state.names();
  return names
    .flatMap((name) => RECORD.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** The deployment that is in place; null before the first. */
export async function lastDeployment(state: StateStore): Promise<DeploymentRecord | null> {
  const number = (await deploymentNumbers(state)).at(-1);
  return number === undefined ? null : await readDeployment(state, number);
}

/** Throws a Problem where the number is not kept. */
export async function readDeployment(state: StateStore, number: number): Promise<DeploymentRecord> {
  const bytes = await state.read(`deployment-${number}`);
  if (bytes) return unpackRecord(`deployment-${number}`, bytes);
  const kept = await deploymentNumbers(state);
  throw problem(3, {
    code: "deployment-unknown",
    message: `there is no deployment ${number} on this target`,
    hint: kept.length > 0 ? `kept are ${kept.join(", ")}` : "nothing has been deployed there",
  });
}

/** Keeps what a journal is about as the last deployment; of the first one also what was there before. */
export async function keepDeployed(state: StateStore, journal: Journal): Promise<void> {
  if (journal.record.number === 1) await state.write("deployment-0", pack(beforeFirst(journal)));
  await keepDeployment(state, journal.record);
}

/** Keeps a deployment as the last one, and lets the oldest go. */
export async function keepDeployment(state: StateStore, record: DeploymentRecord): Promise<void> {
  await state.write(`deployment-${record.number}`, pack(record));
  const numbers = await deploymentNumbers(state);
  for (const number of numbers.slice(0, -KEPT)) await state.remove(`deployment-${number}`);
}

export async function readJournal(state: StateStore): Promise<Journal | null> {
  const bytes = await state.read(JOURNAL);
  return bytes && unpackJournal(JOURNAL, bytes);
}

export async function writeJournal(state: StateStore, journal: Journal): Promise<void> {
  await state.write(JOURNAL, pack(journal));
}

export async function removeJournal(state: StateStore): Promise<void> {
  await state.remove(JOURNAL);
}
