import { isUtf8 } from "node:buffer";
import { problem } from "../../diagnostics/problem.js";
import type { LogtestAnswer, LogtestEvent, LogtestSession } from "../target.js";
import { askManager } from "./manager-socket.js";

/** The first event of a session loads the whole ruleset. */
const TIMEOUT_MS = 60_000;

interface LogtestData {
  readonly messages?: readonly string[];
  readonly token?: string;
  readonly output?: Readonly<Record<string, unknown>>;
  readonly alert?: boolean;
  /** Negative: the event was not processed. */
  readonly codemsg?: number;
}

/** A logtest session over the manager's local socket. */
export class SocketLogtest implements LogtestSession {
  readonly #socket: string;
  #token: string | undefined;

  constructor(socket: string) {
    this.#socket = socket;
  }

  async process({ event, location, logFormat = "syslog" }: LogtestEvent): Promise<LogtestAnswer> {
    const { error, message, data } = await askManager(
      this.#socket,
      "log_processing",
      { event: textOf(event), location, log_format: logFormat, ...(this.#token && { token: this.#token }) },
      TIMEOUT_MS,
    );
    if (error !== 0) throw problem(2, { code: "logtest-failed", message: `logtest refuses the event: ${message}` });
    const { messages = [], token, output, alert = false, codemsg = 0 } = (data ?? {}) as LogtestData;
    this.#token = token ?? this.#token;
    return { messages, output: codemsg < 0 ? null : (output ?? null), alert };
  }

  async close(): Promise<void> {
    if (!this.#token) return;
    await askManager(this.#socket, "remove_session", { token: this.#token }, TIMEOUT_MS).catch(() => {});
    this.#token = undefined;
  }
}

/** Events travel in JSON, which has no way to hold other bytes. */
function textOf(event: Uint8Array): string {
  if (isUtf8(event)) return Buffer.from(event).toString();
  throw problem(2, {
    code: "logtest-not-text",
    message: "an event is no text in UTF-8, and logtest takes nothing else",
  });
}
