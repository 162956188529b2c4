import { fileURLToPath } from "node:url";
import type { Where } from "../diagnostics/diagnostic.js";

const FRAME = /\(?((?:file:\/\/)?\/[^()]+?):(\d+):(\d+)\)?$/;

/** Where the caller of an authoring function stands. Source maps, where enabled, lead back to the TypeScript. */
export function callerPosition(authoringFunction: (...args: never[]) => unknown): Where {
  const holder: { stack?: string } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(holder, authoringFunction);
  Error.stackTraceLimit = limit;
  return framePosition(holder.stack?.split("\n")[1] ?? "") ?? { file: "unknown", line: 1, column: 1 };
}

/** Where an error was thrown, as far as it has a frame in a file that is neither in `folder` nor in a package. */
export function thrownPosition(error: unknown, folder: string): Where | undefined {
  const frames = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  return (
    frames
      .map(framePosition)
      .find((where) => where !== null && !where.file.startsWith(folder) && !where.file.includes("/node_modules/")) ??
    undefined
  );
}

function framePosition(stackLine: string): Where | null {
  const frame = FRAME.exec(stackLine.trim());
  if (!frame) return null;
  const [, location = "", line, column] = frame;
  const file = location.startsWith("file://") ? fileURLToPath(location) : location;
  return { file, line: Number(line), column: Number(column) };
}
