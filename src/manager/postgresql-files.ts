/** The PostgreSQL part of a build: files for the server's administrator. Nothing is run on a database from here. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../compiler/output-directory.js";
import { problem, systemReason } from "../diagnostics/problem.js";
import type { BuildOutput } from "./build-output.js";

export interface PostgresqlChange {
  readonly path: string;
  readonly change: "added" | "changed";
}

export async function postgresqlChanges(build: BuildOutput, directory: string): Promise<PostgresqlChange[]> {
  const changes: PostgresqlChange[] = [];
  for (const [name, bytes] of build.postgresql) {
    const path = join(directory, name);
    const there = await present(path);
    if (!there || Buffer.compare(there, bytes) !== 0) changes.push({ path, change: there ? "changed" : "added" });
  }
  return changes;
}

export async function writePostgresqlFiles(build: BuildOutput, directory: string): Promise<void> {
  for (const [name, bytes] of build.postgresql) await replaceFile(join(directory, name), bytes);
}

/** What is to be done by hand with the files, one step a line. */
export function postgresqlSteps(build: BuildOutput, directory: string): string[] {
  const at = (name: string) => join(directory, name);
  const has = (name: string) => build.postgresql.has(name);
  return [
    ...(has("pgaudit.conf")
      ? [`name ${at("pgaudit.conf")} in postgresql.conf with include_if_exists, and restart the server`]
      : []),
    ...(has("roles.sql") ? [`as superuser, in every audited database: psql -X -f ${at("roles.sql")}`] : []),
  ];
}

async function present(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw problem(2, { code: "file-unreadable", message: `cannot read ${path}: ${systemReason(error)}` });
  }
}
