/** The manager's local sockets: one request and one answer per connection, each led by its length in four bytes. */
import { createConnection } from "node:net";
import { problem, systemReason } from "../../diagnostics/problem.js";

const HEADER = 4;
/** What is longer the manager does not send. */
const LONGEST = 1 << 24;

export interface SocketAnswer {
  readonly error: number;
  readonly message?: string;
  readonly data?: unknown;
}

/** Sends a command and returns the answer. Throws a Problem when nobody listens, or the answer is none in time. */
export async function askManager(
  socket: string,
  command: string,
  parameters: object,
  timeoutMs: number,
): Promise<SocketAnswer> {
  const request = { version: 1, origin: { name: "rulewright", module: "rulewright" }, command, parameters };
  try {
    const answer: unknown = JSON.parse(
      (await exchange(socket, Buffer.from(JSON.stringify(request)), timeoutMs)).toString(),
    );
    if (typeof answer === "object" && answer !== null && typeof (answer as SocketAnswer).error === "number")
      return answer as SocketAnswer;
    throw new Error("the answer is not one of a manager");
  } catch (error) {
    throw problem(2, {
      code: "socket-failed",
      message: `${socket} did not answer ${command}: ${systemReason(error)}`,
      hint: "is the manager running, and may you talk to it?",
    });
  }
}

/** Whether somebody answers: a manager that was stopped leaves its sockets behind. */
export function isListening(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(socket);
    const end = (listening: boolean) => {
      connection.destroy();
      resolve(listening);
    };
    connection.on("connect", () => end(true));
    // No permission is told when it is used.
    connection.on("error", (error: NodeJS.ErrnoException) => end(error.code === "EACCES"));
  });
}

function exchange(path: string, request: Buffer, timeoutMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const connection = createConnection(path);
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (finish: () => void) => {
      connection.destroy();
      finish();
    };
    connection.setTimeout(timeoutMs, () => end(() => reject(new Error(`no answer in ${timeoutMs / 1000} s`))));
    connection.on("error", (error) => end(() => reject(error)));
    connection.on("close", () => reject(new Error("the connection was closed")));
    connection.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size < HEADER) return;
      const all = Buffer.concat(chunks);
      const length = all.readUInt32LE(0);
      if (length > LONGEST) end(() => reject(new Error("the answer is too long")));
      else if (size >= HEADER + length) end(() => resolve(all.subarray(HEADER, HEADER + length)));
    });
    const header = Buffer.alloc(HEADER);
    header.writeUInt32LE(request.length);
    connection.on("connect", () => connection.write(Buffer.concat([header, request])));
  });
}
