import { isUtf8 } from "node:buffer";
import { problem } from "../../diagnostics/problem.js";
import type { LogtestAnswer, LogtestEvent, LogtestSession } from "../target.js";
import type { ApiClient } from "./api-client.js";

interface LogtestData {
  readonly messages?: readonly string[];
  readonly token?: string;
  readonly output?: Readonly<Record<string, unknown>>;
  readonly alert?: boolean;
  /** Negative: the event was not processed. */
  readonly codemsg?: number;
}

/** A logtest session by the API; its first event has the manager load the ruleset that is on its disk. */
export class ApiLogtest implements LogtestSession {
  readonly #client: ApiClient;
  #token: string | undefined;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  async process({ event, location, logFormat = "syslog" }: LogtestEvent): Promise<LogtestAnswer> {
    if (!isUtf8(event))
      throw problem(2, {
        code: "logtest-not-text",
        message: "an event is no text in UTF-8, and logtest takes nothing else",
      });
    const asked = { event: Buffer.from(event).toString(), log_format: logFormat, location, token: this.#token };
    const data = await this.#client.data<LogtestData>({
      method: "PUT",
      path: "/logtest",
      query: { wait_for_complete: true },
      body: { type: "application/json", bytes: Buffer.from(JSON.stringify(asked)) },
    });
    this.#token = data.token ?? this.#token;
    const { messages = [], output = null, alert = false, codemsg = 0 } = data;
    return { messages, output: codemsg < 0 ? null : output, alert };
  }

  async close(): Promise<void> {
    if (this.#token === undefined) return;
    await this.#client.data({ method: "DELETE", path: `/logtest/sessions/${this.#token}` }).catch(() => {});
    this.#token = undefined;
  }
}
