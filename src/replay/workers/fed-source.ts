import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { LineBlock } from "../line-block.js";
import type { BlockSource, WorkerBlock } from "./block-source.js";
import type { FedMessage } from "./messages.js";
import type { SharedCounter } from "./shared-state.js";

/** Blocks that the main thread reads: of standard input, of packed files, and where lines are joined. */
export class FedSource implements BlockSource {
  readonly #port: MessagePort;
  readonly #sent: SharedCounter;
  readonly #giveBack: (bytes: Uint8Array<ArrayBuffer>) => void;
  #received = 0;
  #inHand: Uint8Array<ArrayBuffer> | null = null;

  /** @param giveBack hears of the memory of a block that is done with */
  constructor(port: MessagePort, sent: SharedCounter, giveBack: (bytes: Uint8Array<ArrayBuffer>) => void) {
    this.#port = port;
    this.#sent = sent;
    this.#giveBack = giveBack;
  }

  get isReady(): boolean {
    return this.#sent.value > this.#received;
  }

  next(): WorkerBlock | null {
    if (this.#inHand !== null) this.#giveBack(this.#inHand);
    this.#sent.waitUntil(this.#received + 1);
    this.#received++;
    const message = receiveMessageOnPort(this.#port)!.message as FedMessage;
    if (message === "end") return null;
    const { bytes, ends, ...rest } = message;
    this.#inHand = bytes;
    return { ...rest, block: new LineBlock(Buffer.from(bytes.buffer, 0, bytes.length), ends, 0) };
  }
}
