/** A deployment as it is kept on the target: enough to see drift, and to go back to it. */
import { gunzipSync, gzipSync } from "node:zlib";
import type { ManifestRule } from "../../compiler/manifest.js";
import { problem } from "../../diagnostics/problem.js";
import type { Content, Piece } from "../pieces.js";
import { type Address, addressText } from "../target.js";

/** What a deployment is: a build, the number of the deployment that was gone back to, or what was there before number 1. */
export type Source =
  | { readonly build: string; readonly pack: string }
  | { readonly rollbackTo: number }
  | { readonly before: 1 };

export interface DeploymentRecord {
  readonly format: 1;
  /** Counts from 1 on each target; 0 is what was there before the first. */
  readonly number: number;
  /** ISO time of the machine that deployed. */
  readonly at: string;
  /** `user@host`. */
  readonly by: string;
  readonly source: Source;
  readonly managerVersion: string | null;
  readonly pieces: readonly Piece[];
  readonly rules: readonly Pick<ManifestRule, "id" | "key" | "level">[];
  /** SHA-256 by path of the custom files that are not ours, as they were then. */
  readonly others: Readonly<Record<string, string>>;
}

/** What an interrupted deployment leaves behind, so that the next run can finish or undo it. */
export interface Journal {
  readonly format: 1;
  /**
   * `writing`: what was there must be put back. `loading`: and loaded again. `applied`: all is in place, only the record
   * may be missing.
   */
  readonly phase: "writing" | "loading" | "applied";
  /** Every piece that is touched, as it was. */
  readonly before: readonly Piece[];
  readonly record: DeploymentRecord;
}

/** What was there before the first deployment, as one that can be gone back to. */
export function beforeFirst({ before, record }: Journal): DeploymentRecord {
  const touched = new Set(before.map(({ address }) => addressText(address)));
  const untouched = record.pieces.filter(({ address }) => !touched.has(addressText(address)));
  return {
    ...record,
    number: 0,
    source: { before: 1 },
    pieces: [...before.filter(({ content }) => content !== null), ...untouched],
    rules: [],
  };
}

interface PackedPiece {
  readonly address: Address;
  readonly content: string | null;
}

/** To bytes that any store can keep; small, because a manager's store may be one of its lists. */
export function pack(value: DeploymentRecord | Journal): Uint8Array {
  return gzipSync(
    JSON.stringify(value, (_key, member) =>
      isPiece(member) ? { address: member.address, content: base64(member.content) } : member,
    ),
  );
}

export function unpackRecord(name: string, bytes: Uint8Array): DeploymentRecord {
  return withPieces(parse<DeploymentRecord>(name, bytes));
}

export function unpackJournal(name: string, bytes: Uint8Array): Journal {
  const journal = parse<Journal>(name, bytes);
  return { ...journal, before: journal.before.map(unpacked), record: withPieces(journal.record) };
}

function parse<T extends { format: number }>(name: string, bytes: Uint8Array): T {
  try {
    const value = JSON.parse(gunzipSync(bytes).toString()) as T;
    if (value.format === 1) return value;
  } catch {
    // The same as a format that is not ours.
  }
  throw problem(2, {
    code: "state-unusable",
    message: `the target's record ${name} is not one that this version of rulewright can read`,
    hint: "use the version that wrote it",
  });
}

function withPieces(record: DeploymentRecord): DeploymentRecord {
  return { ...record, pieces: record.pieces.map(unpacked) };
}

function isPiece(value: unknown): value is Piece {
  return typeof value === "object" && value !== null && "address" in value && "content" in value;
}

function base64(content: Content): string | null {
  return content === null ? null : Buffer.from(content).toString("base64");
}

function unpacked(piece: Piece): Piece {
  const { address, content } = piece as unknown as PackedPiece;
  return { address, content: content === null ? null : Buffer.from(content, "base64") };
}
