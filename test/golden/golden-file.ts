/**
 * Reader of the recorded decisions: NDJSON, plain or gzipped. Every string comes back as `Bytes` (UTF-8 text as its
 * bytes, a `k_b64` member as `k`, a `{"b64": …}` array element as its bytes, a `b64:` object key decoded), at any depth.
 */
import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip, gunzipSync } from "node:zlib";
import { type Bytes, toBytes } from "../../src/engine/bytes.js";

/** What a comparison found: one entry of `differences` per row that disagrees. */
export interface SetResult {
  readonly name: string;
  readonly rows: number;
  readonly differences: { readonly row: string; readonly expected: unknown; readonly actual: unknown }[];
}

/** Rows of a file, one after the other. */
export async function* readGolden(path: string): AsyncGenerator<Record<string, unknown>> {
  const file = createReadStream(path);
  const input = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== "") yield decodeGolden(JSON.parse(line)) as Record<string, unknown>;
  }
}

/** All rows of a file at once. */
export function readGoldenSync(path: string): Record<string, unknown>[] {
  const raw = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(raw) : raw).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => decodeGolden(JSON.parse(line)) as Record<string, unknown>);
}

/** One JSON value with its strings made bytes; also for whole-file JSON documents. */
export function decodeGolden(value: unknown): unknown {
  if (typeof value === "string") return toBytes(value);
  if (Array.isArray(value)) return value.map((element) => encodedElement(element) ?? decodeGolden(element));
  if (value === null || typeof value !== "object") return value;
  const decoded: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (key.endsWith("_b64") && typeof member === "string") decoded[decodeKey(key.slice(0, -4))] = fromBase64(member);
    else decoded[decodeKey(key)] = decodeGolden(member);
  }
  return decoded;
}

function encodedElement(element: unknown): Bytes | undefined {
  if (element === null || typeof element !== "object") return undefined;
  const { b64 } = element as { b64?: unknown };
  return typeof b64 === "string" && Object.keys(element).length === 1 ? fromBase64(b64) : undefined;
}

function decodeKey(key: string): Bytes {
  return key.startsWith("b64:") ? fromBase64(key.slice(4)) : toBytes(key);
}

function fromBase64(text: string): Bytes {
  return Buffer.from(text, "base64").toString("latin1");
}
