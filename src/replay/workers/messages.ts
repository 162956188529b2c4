/** What the threads of a replay tell each other. */
import type { MessagePort } from "node:worker_threads";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Effects } from "../../engine/replicas/effects.js";
import type { RulesetInput } from "../../ruleset/load.js";
import type { DeciderOptions } from "../decider.js";
import type { ExpensivePattern } from "../expensive-patterns.js";
import type { Counts } from "../summary.js";

/** What a worker is started with. */
export interface WorkerStart {
  readonly input: RulesetInput;
  readonly options: DeciderOptions;
  /** Number of this worker, from 0, and how many there are. */
  readonly worker: number;
  readonly workers: number;
  /** Of the SharedState. */
  readonly memory: SharedArrayBuffer;
  /** One for every other worker. */
  readonly others: readonly MessagePort[];
  /** Files that the workers read themselves, or where this one gets its blocks from. */
  readonly source: FilesToRead | MessagePort;
  /** File descriptor of what is printed. */
  readonly descriptor: number;
}

export interface FilesToRead {
  readonly files: readonly string[];
  readonly location: string | undefined;
}

/** A block for this worker to decide. */
export interface FedBlock {
  /** Place in the stream, from 0. */
  readonly index: number;
  /** Lent: they come back. New memory each time would be cleared, and counted by V8's collector. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly ends: Uint32Array<ArrayBuffer>;
  readonly location: string;
  readonly times: Float64Array<ArrayBuffer>;
  /** Number of lines before this block. */
  readonly linesBefore: number;
  /** Time of the stream's first event. */
  readonly startedAt: number;
}

export type FedMessage = FedBlock | "end";

/** To the main thread. */
export type FromWorker =
  | { readonly kind: "ready"; readonly loaded: boolean; readonly diagnostics: readonly Diagnostic[] }
  /** For a summary. */
  | { readonly kind: "counts"; readonly index: number; readonly counts: Counts }
  /** Memory of a block that it was fed and is done with. */
  | { readonly kind: "returned"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "told"; readonly diagnostic: Diagnostic }
  | { readonly kind: "unreadable"; readonly diagnostic: Diagnostic }
  /** What is printed could not be written. */
  | { readonly kind: "unwritable"; readonly error: Error; readonly code: string | undefined }
  | { readonly kind: "ended"; readonly expensive: readonly ExpensivePattern[] };

/** What a block that another worker decided has left behind. */
export interface EffectsMessage {
  readonly index: number;
  readonly location: string;
  readonly startedAt: number;
  readonly effects: Effects;
}
