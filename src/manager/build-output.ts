/** What `rulewright build` wrote, as a deployment takes it: checked against its manifest, byte for byte. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MANIFEST_FILE, type Manifest, parseManifest } from "../compiler/manifest.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { Problem, problem, systemReason } from "../diagnostics/problem.js";
import type { Piece } from "./pieces.js";
import { FILE_KINDS } from "./target.js";

export interface BuildOutput {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest, in hex: names the build. */
  readonly id: string;
  /** Lists, decoders and rules, in this order. */
  readonly files: readonly Piece[];
  /** Paths that ossec.conf must declare: `etc/lists/a`. */
  readonly lists: readonly string[];
  /** For agent.conf of the group of database hosts; null where the build has none. */
  readonly agentConfiguration: Uint8Array | null;
  /** Files below postgresql/, by name. */
  readonly postgresql: ReadonlyMap<string, Uint8Array>;
}

/** Throws a Problem when files are missing or are not as the manifest says: what is deployed is what was built. */
export async function readBuildOutput(directory: string): Promise<BuildOutput> {
  const text = await readFile(join(directory, MANIFEST_FILE)).catch((error) => {
    throw problem(2, {
      code: "output-missing",
      message: `cannot read ${join(directory, MANIFEST_FILE)}: ${systemReason(error)}`,
      hint: "run rulewright build first",
    });
  });
  const manifest = parseManifest(text.toString());
  if (!manifest)
    throw problem(2, {
      code: "manifest-unusable",
      message: `${join(directory, MANIFEST_FILE)} is not a manifest that rulewright wrote`,
      hint: "run rulewright build",
    });
  const files = await readFiles(directory, manifest);
  const inFolder = (folder: string) => [...files].filter(([path]) => path.startsWith(`${folder}/`));
  return {
    manifest,
    id: sha256(text),
    files: FILE_KINDS.flatMap((kind) =>
      inFolder(`wazuh/${kind}`).map(([path, content]) => ({
        address: { kind, name: path.slice(`wazuh/${kind}/`.length) },
        content,
      })),
    ),
    lists: manifest.lists.map(({ name }) => `etc/lists/${name}`).sort(),
    agentConfiguration: files.get("agent/localfile.conf") ?? null,
    postgresql: new Map(
      inFolder("postgresql").map(([path, content]) => [path.slice("postgresql/".length), content] as const),
    ),
  };
}

async function readFiles(directory: string, manifest: Manifest): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const found: Diagnostic[] = [];
  for (const { path, sha256: expected } of manifest.files) {
    const bytes = await readFile(join(directory, path)).catch(() => null);
    if (bytes && sha256(bytes) === expected) files.set(path, bytes);
    else
      found.push({
        code: "output-stale",
        severity: "error",
        message: `${join(directory, path)} is ${bytes ? "not as its manifest says" : "missing"}`,
        hint: "run rulewright build: generated files are never edited",
      });
  }
  if (found.length > 0) throw new Problem(2, found);
  return files;
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
