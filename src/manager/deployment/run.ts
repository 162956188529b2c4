/**
 * Brings a target from what is there to what shall be there. Whatever happens – a failure, a signal, the end of the
 * process at any moment – the target ends in the old state or the new one: at once where this process lives on, else when
 * the next deployment or rollback finds the journal.
 */
import { Problem } from "../../diagnostics/problem.js";
import { stopIfAsked } from "../interrupted.js";
import { keyOf, type Piece, readPiece, sameContent, writePiece } from "../pieces.js";
import type { Change } from "../plan/desired.js";
import type { ReloadResult, Target } from "../target.js";
import { keepDeployed, readJournal, removeJournal, writeJournal } from "./history.js";
import type { DeploymentLock } from "./lock.js";
import type { DeploymentRecord, Journal } from "./record.js";
import { stepsBetween } from "./steps.js";

/** So often it is waited for the nodes, each time as long as a deployment may. */
const WAITS = 3;

export interface RunOptions {
  readonly tell: (line: string) => void;
  /** How long nodes may take to have the files, and to have loaded them. */
  readonly timeoutMs: number;
  /** Stops after the step that is under way, and puts back what was there. */
  readonly signal?: AbortSignal;
  /** Warnings that the manager gave before are told, and forbid nothing. */
  readonly knownWarnings?: boolean;
}

export interface RunInput {
  readonly target: Target;
  readonly lock: DeploymentLock;
  readonly change: Change;
  readonly record: DeploymentRecord;
  /** Asks the manager itself, with the files in place and not yet loaded; throws a Problem when it is not content. */
  readonly check: () => Promise<void>;
}

/** Throws a Problem that says what failed and whether what was there is back. */
export async function runDeployment(input: RunInput, options: RunOptions): Promise<ReloadResult> {
  const { target, lock, change, record } = input;
  const { tell } = options;
  const touched = change.before.filter(
    ({ address, content }, index) => !sameContent(address, content, change.after[index]!.content),
  );
  await stillAsPlanned(target, touched);
  const journal: Journal = { format: 1, phase: "writing", before: touched, record };
  tell("keeping what is there");
  await writeJournal(target.state, journal);
  let reached: Journal["phase"] = "writing";
  try {
    await apply(target, lock, touched, afterOf(change, touched), options);
    await validate(target);
    await input.check();
    const wait = { timeoutMs: options.timeoutMs, tell, signal: options.signal };
    stopIfAsked(options.signal);
    const reloaded = await lock.silently(WAITS * options.timeoutMs, async () => {
      await target.synchronise(wait);
      await lock.assertHeld();
      await writeJournal(target.state, { ...journal, phase: "loading" });
      reached = "loading";
      tell("reloading the ruleset");
      const result = await target.reload(wait);
      // Before it was loaded, the check has seen that there are none but known ones.
      if (!options.knownWarnings) refuseWarnings(result);
      await target.synchronise(wait);
      return result;
    });
    await readBack(target, change.after);
    await lock.assertHeld();
    reached = "applied";
    await writeJournal(target.state, { ...journal, phase: "applied" });
    await keepDeployed(target.state, journal);
    await removeJournal(target.state);
    return reloaded;
  } catch (error) {
    throw await undone(error, target, lock, { ...journal, phase: reached }, options);
  }
}

/** Finishes or undoes what an interrupted deployment left; true when there was something. */
export async function recover(target: Target, lock: DeploymentLock, options: RunOptions): Promise<boolean> {
  const journal = await readJournal(target.state);
  if (!journal) return false;
  if (journal.phase === "applied" && (await isInPlace(target, journal.record.pieces))) {
    options.tell(`deployment ${journal.record.number} was interrupted at its very end: it is in place`);
    await keepDeployed(target.state, journal);
    await removeJournal(target.state);
    return true;
  }
  options.tell(`deployment ${journal.record.number} was interrupted: putting back what was there`);
  await putBack(target, lock, journal, { ...options, signal: undefined });
  return true;
}

async function apply(
  target: Target,
  lock: DeploymentLock,
  before: readonly Piece[],
  after: readonly Piece[],
  options: RunOptions,
): Promise<void> {
  for (const step of stepsBetween(before, after)) {
    stopIfAsked(options.signal);
    await lock.assertHeld();
    options.tell(`${step.content === null ? "removing" : "writing"} ${keyOf(step.address)}`);
    await writePiece(target, step);
  }
}

function afterOf(change: Change, touched: readonly Piece[]): Piece[] {
  const keys = new Set(touched.map(({ address }) => keyOf(address)));
  return change.after.filter(({ address }) => keys.has(keyOf(address)));
}

async function validate(target: Target): Promise<void> {
  const complaints = (await target.validate()) ?? [];
  if (complaints.length > 0)
    throw new Problem(
      1,
      complaints.map((message) => ({ code: "configuration-refused", severity: "error", message })),
    );
}

/** What a manager says of a reload are the warnings of its loader. */
function refuseWarnings(reloaded: ReloadResult): void {
  if (reloaded.state === "by-hand" || reloaded.messages.length === 0) return;
  throw new Problem(
    1,
    reloaded.messages.map((message) => ({
      code: "manager-warns",
      severity: "error",
      message: `loading the ruleset, the manager warns: ${message}`,
    })),
  );
}

/** Between the plan and now lie minutes of replaying and of asking: what is put back must be what was there. */
async function stillAsPlanned(target: Target, before: readonly Piece[]): Promise<void> {
  const changed = await differing(target, before);
  if (changed.length > 0)
    throw new Problem(
      1,
      changed.map(({ address }) => ({
        code: "changed-meanwhile",
        severity: "error",
        message: `somebody has changed ${keyOf(address)} on the target since this was planned`,
        hint: "nothing was written: run it again",
      })),
    );
}

/** Those that are not on the target as they are here. */
async function differing(target: Target, pieces: readonly Piece[]): Promise<Piece[]> {
  const different: Piece[] = [];
  for (const piece of pieces)
    if (!sameContent(piece.address, await readPiece(target, piece.address), piece.content)) different.push(piece);
  return different;
}

async function readBack(target: Target, pieces: readonly Piece[]): Promise<void> {
  const different = await differing(target, pieces);
  if (different.length > 0)
    throw new Problem(
      1,
      different.map(({ address }) => ({
        code: "not-as-written",
        severity: "error",
        message: `${keyOf(address)} on the target is not what was written there`,
      })),
    );
}

async function isInPlace(target: Target, pieces: readonly Piece[]): Promise<boolean> {
  try {
    await readBack(target, pieces);
    return true;
  } catch (error) {
    if (error instanceof Problem && error.exitCode === 1) return false;
    throw error;
  }
}

/** The problem to throw: what failed, and what has become of the target. */
async function undone(
  error: unknown,
  target: Target,
  lock: DeploymentLock,
  journal: Journal,
  options: RunOptions,
): Promise<unknown> {
  const known = error instanceof Problem ? error : null;
  // Whether the last write of the journal came through is not known: the next run looks.
  if (journal.phase === "applied")
    return withFate(error, known, "everything is in place, but its record could not be kept", "run it again");
  try {
    options.tell("putting back what was there");
    await putBack(target, lock, journal, { ...options, signal: undefined });
    return withFate(error, known, "what was there has been put back");
  } catch (second) {
    const reason = second instanceof Error ? second.message : String(second);
    return withFate(
      error,
      known,
      `what was there could not be put back: ${reason}`,
      "run rulewright deploy or rollback again: it puts it back first",
    );
  }
}

function withFate(error: unknown, known: Problem | null, message: string, hint?: string): Problem {
  const reason = error instanceof Error ? error.message : String(error);
  const failed = known?.diagnostics ?? [{ code: "deployment-failed", severity: "error" as const, message: reason }];
  return new Problem(known?.exitCode ?? 2, [
    ...failed,
    { code: "deployment-undone", severity: hint ? "error" : "info", message, ...(hint && { hint }) },
  ]);
}

/** Idempotent, so that it may be interrupted too. What was never loaded need not be loaded again, but on other nodes. */
async function putBack(target: Target, lock: DeploymentLock, journal: Journal, options: RunOptions): Promise<void> {
  const { nodes } = await target.facts();
  const names = new Set(nodes.map(({ name }) => name));
  const before = journal.before.filter(({ address }) => address.kind !== "configuration" || names.has(address.node));
  const now: Piece[] = [];
  for (const { address } of before) now.push({ address, content: await readPiece(target, address) });
  await apply(target, lock, now, before, options);
  const wait = { timeoutMs: options.timeoutMs, tell: options.tell };
  if (journal.phase !== "writing" || nodes.length > 1) {
    await lock.silently(WAITS * options.timeoutMs, async () => {
      // A node that is out of reach does not keep the others from running again what they ran.
      const late: unknown = await target.synchronise(wait).catch((error) => error);
      const reloaded = await target.reload(wait);
      if (reloaded.state === "by-hand") options.tell(reloaded.hint);
      if (late) throw late;
    });
  }
  await readBack(target, before);
  await target.tidy?.();
  await removeJournal(target.state);
}
