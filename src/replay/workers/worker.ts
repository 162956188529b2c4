/**
 * A worker of a replay. It guesses at its blocks until all blocks before are settled; then it settles what it has guessed, and
 * decides the rest. It tells the others what that has left behind, and writes when all before are written. See
 * `engine/replicas`.
 */
import { MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { type Bytes, toBytes } from "../../engine/bytes.js";
import { cString } from "../../engine/regex/ascii.js";
import { Replica, type Settled, type Unsettled } from "../../engine/replicas/replica.js";
import { loadRuleset } from "../../ruleset/load.js";
import { ExpensePatrol } from "../expensive-patterns.js";
import type { Page } from "../page.js";
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

/** A block whose turn has not come. */
interface WaitingBlock {
  readonly index: number;
  readonly location: Bytes;
  readonly startedAt: number;
  /** Those of its events that have been guessed at. */
  readonly events: Unsettled[];
  readonly page: Page;
}

const MOST_WAITING = 2;
/** In order. Another one is guessed at only where this worker would wait otherwise: what waits becomes the dearer. */
const waiting: WaitingBlock[] = [];

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

/** Guesses at a block; or decides it, as soon as its turn comes. */
function begin({ block, location, times, index, startedAt, linesBefore }: WorkerBlock): void {
  const place = cString(toBytes(location));
  const copy = replicaFrom(startedAt);
  const page = pages.blank();
  const begun: WaitingBlock = { index, location: place, startedAt, events: [], page };
  waiting.push(begun);
  patrol.start();
  let line = 0;
  for (; line < block.length; line++) {
    // Looked at once: the others go on meanwhile.
    const turn = settled.value;
    if (turn === index) break;
    if (turn === waiting[0]!.index) {
      settle(waiting.shift()!);
      patrol.start();
    }
    const { event, guessed, unsettled } = copy.guess(cString(block.line(line)), place, times[line]!, block.isAscii);
    begun.events.push(unsettled);
    patrol.after(linesBefore + line + 1, event);
    page.guess(guessed);
  }
  if (line === block.length) return;
  waiting.pop();
  for (const event of settleEvents(begun)) page.settle(event);
  patrol.start();
  for (; line < block.length; line++) {
    const processed = copy.decide(cString(block.line(line)), place, times[line]!, block.isAscii);
    patrol.after(linesBefore + line + 1, processed?.event ?? null);
    page.add(processed);
  }
  tellOthers(begun);
  handOver(begun);
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

/** A block that was guessed at from end to end, when its turn has come. */
function settle(block: WaitingBlock): void {
  const events = settleEvents(block);
  tellOthers(block);
  // They wait for that; what is printed can wait.
  for (const event of events) block.page.settle(event);
  handOver(block);
}

function settleEvents({ startedAt, location, events }: WaitingBlock): Settled[] {
  catchUp();
  const copy = replicaFrom(startedAt);
  return events.map((event) => copy.settle(event, location));
}

/** What the block has left behind: all of it is decided. */
function tellOthers({ index, location, startedAt }: WaitingBlock): void {
  const message: EffectsMessage = { index, location, startedAt, effects: replicaFrom(startedAt).takeEffects() };
  for (const other of others) other.postMessage(message);
  known = index + 1;
  settled.value = known;
}

function handOver({ index, page }: WaitingBlock): void {
  const counts = pages.handOver(index, page);
  if (options.output === "summary") tell({ kind: "counts", index, counts });
}

function write(pieces: readonly Uint8Array[]): void {
  try {
    writeFully(descriptor, pieces);
  } catch (error) {
    tell({ kind: "unwritable", error: error as Error, code: (error as NodeJS.ErrnoException).code });
  }
}

function work(): void {
  const blocks = blockSource();
  let atEnd = false;
  while (!atEnd || waiting.length > 0) {
    const now = settled.value;
    catchUp();
    pages.writeIfTurn();
    if (waiting[0]?.index === known) settle(waiting.shift()!);
    else if (!atEnd && (waiting.length === 0 || (waiting.length < MOST_WAITING && blocks.isReady))) {
      // Nobody must wait for what this worker could have written.
      if (!blocks.isReady) pages.writeInTurn();
      const block = blocks.next();
      if (block === null) atEnd = true;
      else begin(block);
    } else if (!pages.isWritten) pages.writeInTurn();
    else settled.waitWhile(now);
  }
  pages.writeInTurn();
  tell({ kind: "ended", expensive: patrol.found() });
}

if (ruleset !== null) work();
