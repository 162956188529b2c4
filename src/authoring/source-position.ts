import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Where } from "../diagnostics/diagnostic.js";

/** Not of Node's own modules, which are called `node:` something. */
const FRAME = /(?<![^\s(])((?:file:\/\/)?\/[^()]+?):(\d+):(\d+)\)?$/;

/** Where the caller of an authoring function stands. Source maps, where enabled, lead back to the TypeScript. */
export function callerPosition(authoringFunction: (...args: never[]) => unknown): Where {
  const holder: { stack?: string } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(holder, authoringFunction);
  Error.stackTraceLimit = limit;
  return framePosition(holder.stack?.split("\n")[1] ?? "") ?? { file: "unknown", line: 1, column: 1 };
}

/** Where an error was thrown, as far as it has a frame in a file that is in none of these folders, nor in a package. */
export function thrownPosition(error: unknown, folders: readonly string[]): Where | undefined {
  const frames = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  const isForeign = ({ file }: Where) =>
    file.includes("/node_modules/") || folders.some((folder) => file.startsWith(folder));
  return frames.map(framePosition).find((where) => where !== null && !isForeign(where)) ?? undefined;
}

/** What Node prints of a file that it cannot parse: the file, the line, and a mark below the place. */
const UNPARSED = /^(file:\/\/.+|\/.+):(\d+)\n.*\n( *)\^/m;

/** More than enough to parse a pack. */
const PARSED_MS = 10_000;

/** Where a module, or one that it imports, cannot be parsed: an error of the import does not say. Nothing of it is run. */
export function syntaxPosition(module: string): Where | undefined {
  const { stderr } = spawnSync(process.execPath, [module], { encoding: "utf8", timeout: PARSED_MS });
  const [, location, line, before] = UNPARSED.exec(stderr) ?? [];
  if (location === undefined) return undefined;
  return { file: pathOf(location), line: Number(line), column: before!.length + 1 };
}

function pathOf(location: string): string {
  return location.startsWith("file://") ? fileURLToPath(location) : location;
}

function framePosition(stackLine: string): Where | null {
  const frame = FRAME.exec(stackLine.trim());
  if (!frame) return null;
  const [, location = "", line, column] = frame;
  return { file: pathOf(location), line: Number(line), column: Number(column) };
}
