import { readFile } from "node:fs/promises";
import { replaceFile } from "../../compiler/output-directory.js";
import { problem, systemReason } from "../../diagnostics/problem.js";
import type { Snapshot } from "./snapshot.js";

/** The same bytes for the same snapshot; whole or not at all; for nobody else's eyes. */
export function writeSnapshot(file: string, snapshot: Snapshot): Promise<void> {
  return replaceFile(file, `${JSON.stringify(snapshot, null, 2)}\n`, 0o600);
}

/** Throws a Problem of exit code 2 when the file is no snapshot. */
export async function readSnapshot(file: string): Promise<Snapshot> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw problem(2, { code: "file-unreadable", message: `cannot read ${file}: ${systemReason(error)}` });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notASnapshot(file, (error as Error).message);
  }
  if ((value as Partial<Snapshot> | null)?.format !== 1) throw notASnapshot(file, "it has not the format 1");
  return value as Snapshot;
}

function notASnapshot(file: string, why: string) {
  return problem(2, {
    code: "snapshot-invalid",
    message: `${file} is no snapshot: ${why}`,
    hint: "rulewright assess --snapshot writes one",
  });
}
