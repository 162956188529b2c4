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
  const frame = FRAME.exec(holder.stack?.split("\n")[1]?.trim() ?? "");
  if (!frame) return { file: "unknown", line: 1, column: 1 };
  const [, location = "", line, column] = frame;
  const file = location.startsWith("file://") ? fileURLToPath(location) : location;
  return { file, line: Number(line), column: Number(column) };
}
