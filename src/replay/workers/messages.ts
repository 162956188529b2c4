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
  /** One for every other worker. */
  readonly others: readonly MessagePort[];
}

/** A block for this worker to decide. */
export interface BlockMessage {
  readonly kind: "block";
  /** Place in the stream, from 0. */
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array<ArrayBuffer>;
  readonly location: string;
  readonly times: Float64Array;
  /** Number of lines before this block. */
  readonly linesBefore: number;
  /** Time of the stream's first event. */
  readonly startedAt: number;
  /** Of an outcome that has been handed over: what new memory costs is in the pages that the system has to clear. */
  readonly memory: ArrayBuffer | null;
}

export type ToWorker = BlockMessage | { readonly kind: "end" };

export type FromWorker =
  | { readonly kind: "ready"; readonly loaded: boolean; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly kind: "outcome";
      readonly index: number;
      readonly text: Uint8Array<ArrayBuffer>;
      readonly counts: Counts;
    }
  | { readonly kind: "ended"; readonly expensive: readonly ExpensivePattern[] };

/** What a block that another worker decided has left behind. */
export interface EffectsMessage {
  readonly index: number;
  readonly location: string;
  readonly startedAt: number;
  readonly effects: Effects;
}
