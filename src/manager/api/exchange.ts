/** One HTTPS request and its answer, whole. */
import { type Agent, request } from "node:https";

export interface Exchange {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export interface Answer {
  readonly status: number;
  /** Without parameters, in lower case. */
  readonly contentType: string;
  readonly body: Buffer;
}

/** Throws an Error when there is no whole answer within the time. */
export function exchange(base: URL, agent: Agent, asked: Exchange, timeoutMs: number): Promise<Answer> {
  const { method, path, headers, body } = asked;
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, base),
      { method, agent, headers: { ...headers, ...(body && { "content-length": String(body.length) }) } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const contentType = (response.headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
          resolve({ status: response.statusCode ?? 0, contentType, body: Buffer.concat(chunks) });
        });
        response.on("aborted", () => reject(new Error("the connection was closed in the middle of the answer")));
      },
    );
    const timer = setTimeout(() => sent.destroy(new Error(`no answer in ${timeoutMs / 1000} s`)), timeoutMs);
    sent.on("close", () => clearTimeout(timer));
    sent.on("error", reject);
    sent.end(body);
  });
}
