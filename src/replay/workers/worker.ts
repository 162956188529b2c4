/**
 * A worker of a replay. It guesses at its blocks, settles each when all blocks before are settled, tells the others what
 * that has left behind, and writes when all before are written. See `engine/replicas`.
 */
import { MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { type Bytes, toBytes } from "../../engine/bytes.js";
import type { EngineEvent } from "../../engine/event.js";
import { cString } from "../../engine/regex/ascii.js";
import { type GuessedEvent, Replica } from "../../engine/replicas/replica.js";
import { loadRuleset } from "../../ruleset/load.js";
import { ExpensePatrol } from "../expensive-patterns.js";
import { printerFor } from "../printer.js";
import { writeFully } from "../write-fully.js";
import type { BlockSource, WorkerBlock } from "./block-source.js";
import { FedSource } from "./fed-source.js";
import { FileSource } from "./file-source.js";
import type { EffectsMessage, FromWorker, WorkerStart } from "./messages.js";
import { OrderedPages } from "./ordered-pages.js";
import { SharedState } from "./shared-state.js";

const { input, options, worker, workers, memory, others, source, descriptor } = workerData as WorkerStart;
const { ruleset, diagnostics } = loadRuleset(input);
const tell = (message: FromWorker, given: ArrayBuffer[] = []) => parentPort!.postMessage(message, given);
tell({ kind: "ready", loaded: ruleset !== null, diagnostics });

const shared = new SharedState(workers, memory);
const { settled } = shared;
const pages = new OrderedPages(printerFor(options.output, options.hostname), shared.written, write);
const patrol = new ExpensePatrol(ruleset);
let replica: Replica | null = null;
/** Blocks whose effects are part of this worker's state. */
let known = 0;
const effects = new Map<number, EffectsMessage>();

interface GuessedBlock {
  readonly index: number;
  readonly location: Bytes;
  readonly startedAt: number;
  readonly events: readonly GuessedEvent[];
}

const MOST_GUESSED = 2;

function blockSource(): BlockSource {
  if (source instanceof MessagePort)
    return new FedSource(source, shared.fed(worker), (bytes) => tell({ kind: "returned", bytes }, [bytes.buffer]));
  return new FileSource(source.files, source.location, shared, {
    tell: (diagnostic) => tell({ kind: "told", diagnostic }),
    unreadable: (diagnostic) => tell({ kind: "unreadable", diagnostic }),
  });
}

function replicaFrom(startedAt: number): Replica {
  replica ??= new Replica(ruleset!, startedAt, { hostname: options.hostname });
  return replica;
}

function guess({ block, location, times, index, startedAt, linesBefore }: WorkerBlock): GuessedBlock {
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

/** Makes the effects of the blocks that are settled elsewhere part of the state, as far as they are known. */
function catchUp(): void {
  for (const other of others)
    for (let got = receiveMessageOnPort(other); got !== undefined; got = receiveMessageOnPort(other)) {
      const message = got.message as EffectsMessage;
      effects.set(message.index, message);
    }
  for (let next = effects.get(known); next !== undefined; next = effects.get(known)) {
    replicaFrom(next.startedAt).apply(next.effects, next.location);
    effects.delete(known++);
  }
}

function settle({ index, location, startedAt, events }: GuessedBlock): void {
  const copy = replicaFrom(startedAt);
  const processed = events.map((event) => copy.settle(event, location));
  const message: EffectsMessage = { index, location, startedAt, effects: copy.takeEffects() };
  for (const other of others) other.postMessage(message);
  known = index + 1;
  // The others wait for this; what is to be printed can wait.
  settled.value = known;
  for (const each of processed) pages.page.add(each);
  const counts = pages.handOver(index);
  if (options.output === "summary") tell({ kind: "counts", index, counts });
}

function write(text: Uint8Array): void {
  try {
    writeFully(descriptor, text);
  } catch (error) {
    tell({ kind: "unwritable", error: error as Error, code: (error as NodeJS.ErrnoException).code });
  }
}

function work(): void {
  const blocks = blockSource();
  /** In order. Another one is guessed at only where this worker would wait otherwise: what waits becomes the dearer. */
  const guessed: GuessedBlock[] = [];
  let atEnd = false;
  while (!atEnd || guessed.length > 0) {
    const now = settled.value;
    catchUp();
    pages.writeIfTurn();
    if (guessed[0]?.index === known) settle(guessed.shift()!);
    else if (!atEnd && (guessed.length === 0 || (guessed.length < MOST_GUESSED && blocks.isReady))) {
      // Nobody must wait for what this worker could have written.
      if (!blocks.isReady) pages.writeInTurn();
      const block = blocks.next();
      if (block === null) atEnd = true;
      else guessed.push(guess(block));
    } else if (!pages.isWritten) pages.writeInTurn();
    else settled.waitWhile(now);
  }
  pages.writeInTurn();
  tell({ kind: "ended", expensive: patrol.found() });
}

if (ruleset !== null) work();
