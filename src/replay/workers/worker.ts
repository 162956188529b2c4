/**
 * A worker of a replay. Blocks go to the workers in turn; each guesses at its own, one at a time, settles it when all blocks
 * before are settled, and tells the others what it has left behind. See `engine/replicas`.
 */
import { parentPort, type TransferListItem, workerData } from "node:worker_threads";
import { type Bytes, toBytes } from "../../engine/bytes.js";
import type { EngineEvent } from "../../engine/event.js";
import { cString } from "../../engine/regex/ascii.js";
import { type GuessedEvent, Replica } from "../../engine/replicas/replica.js";
import { loadRuleset } from "../../ruleset/load.js";
import { ExpensePatrol } from "../expensive-patterns.js";
import { LineBlock } from "../line-block.js";
import { Page } from "../page.js";
import { printerFor } from "../printer.js";
import type { BlockMessage, EffectsMessage, FromWorker, ToWorker, WorkerStart } from "./messages.js";

const { input, options, others } = workerData as WorkerStart;
const { ruleset, diagnostics } = loadRuleset(input);
const tell = (message: FromWorker, transfer: TransferListItem[] = []) => parentPort!.postMessage(message, transfer);
tell({ kind: "ready", loaded: ruleset !== null, diagnostics });

interface GuessedBlock {
  readonly index: number;
  readonly location: Bytes;
  readonly startedAt: number;
  readonly events: readonly GuessedEvent[];
}

const page = new Page(printerFor(options.output, options.hostname));
const patrol = new ExpensePatrol(ruleset);
let replica: Replica | null = null;
/** Blocks that are settled, here or elsewhere. */
let settled = 0;
/** One at most: what was guessed is many objects, and the longer they wait the dearer they become. */
let guessed: GuessedBlock | null = null;
/** Blocks that are not guessed at yet. */
const waiting: BlockMessage[] = [];
const effects = new Map<number, EffectsMessage>();
/** For what is to be printed. */
const memory: ArrayBuffer[] = [];

function replicaFrom(startedAt: number): Replica {
  replica ??= new Replica(ruleset!, startedAt, { hostname: options.hostname });
  return replica;
}

function guess({ index, bytes, ends, location, times, startedAt, linesBefore }: BlockMessage): GuessedBlock {
  const block = new LineBlock(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), ends, 0);
  const place = cString(toBytes(location));
  const copy = replicaFrom(startedAt);
  const events: GuessedEvent[] = [];
  patrol.start();
  for (let line = 0; line < block.length; line++) {
    const message = cString(block.line(line));
    const event = copy.guess(message, place, times[line]!, block.isAscii);
    events.push(event);
    patrol.after(linesBefore + line + 1, eventOf(event));
  }
  return { index, location: place, startedAt, events };
}

function eventOf({ guess }: GuessedEvent): EngineEvent | null {
  return guess === null || guess === "refused" ? null : guess.event;
}

function settle({ index, location, startedAt, events }: GuessedBlock): void {
  const copy = replicaFrom(startedAt);
  const processed = events.map((event) => copy.settle(event, location));
  // The others wait for this; what is to be printed can wait.
  const message: EffectsMessage = { index, location, startedAt, effects: copy.takeEffects() };
  for (const other of others) other.postMessage(message);
  for (const each of processed) page.add(each);
  const { text, counts } = page.takeAway(memory.pop() ?? null);
  tell({ kind: "outcome", index, text, counts }, [text.buffer]);
}

function goOn(): void {
  for (;;) {
    const theirs = effects.get(settled);
    if (theirs !== undefined) {
      effects.delete(settled++);
      replicaFrom(theirs.startedAt).apply(theirs.effects, theirs.location);
    } else if (guessed === null) {
      const next = waiting.shift();
      if (next === undefined) return;
      guessed = guess(next);
    } else if (guessed.index === settled) {
      settle(guessed);
      settled++;
      guessed = null;
    } else return;
  }
}

for (const other of others) {
  other.on("message", (message: EffectsMessage) => {
    effects.set(message.index, message);
    goOn();
  });
}

parentPort!.on("message", (message: ToWorker) => {
  if (message.kind === "block") {
    waiting.push(message);
    if (message.memory !== null) memory.push(message.memory);
    goOn();
    return;
  }
  tell({ kind: "ended", expensive: patrol.found() });
  for (const other of others) other.close();
  parentPort!.close();
});
