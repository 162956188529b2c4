import { createHash } from "node:crypto";
import { relative, sep } from "node:path";
import type { PackNode } from "../ir/nodes.js";
import type { EmittedFile } from "../targets/emitted-file.js";
import { listsOf, ruleSections } from "./rule-order.js";

/** What was made, from what: `manifest.json` beside the emitted files. */
export interface Manifest {
  readonly format: 1;
  readonly pack: string;
  readonly target: { readonly wazuh: "4.14.7"; readonly pgaudit: "1.7" };
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly bytes: number }[];
  readonly rules: readonly ManifestRule[];
  /** What the lists are for: their files have no room for it. */
  readonly lists: readonly { readonly name: string; readonly description: string }[];
}
export interface ManifestRule {
  readonly id: number;
  readonly key: string;
  readonly level: number;
  /** Null for base rules. */
  readonly use_case: string | null;
  /** Relative to the project. */
  readonly file: string;
  readonly line: number;
}

export const MANIFEST_FILE = "manifest.json";

/** The manifest in this text; null when it is none of ours. */
export function parseManifest(text: string): Manifest | null {
  try {
    const parsed = JSON.parse(text) as Partial<Manifest> | null;
    const ours =
      parsed?.format === 1 &&
      typeof parsed.pack === "string" &&
      Array.isArray(parsed.files) &&
      parsed.files.every((file) => typeof file?.path === "string") &&
      Array.isArray(parsed.rules);
    return ours ? (parsed as Manifest) : null;
  } catch {
    return null;
  }
}

export function manifestFile(
  pack: PackNode,
  ids: Readonly<Record<string, number>>,
  files: readonly EmittedFile[],
  projectRoot: string,
): EmittedFile {
  const manifest: Manifest = {
    format: 1,
    pack: pack.name,
    target: { wazuh: "4.14.7", pgaudit: "1.7" },
    files: [...files]
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map(({ path, text }) => ({
        path,
        sha256: createHash("sha256").update(text).digest("hex"),
        bytes: Buffer.byteLength(text),
      })),
    rules: ruleSections(pack)
      .flatMap(({ rules, useCase }) =>
        rules.map(
          (rule): ManifestRule => ({
            id: ids[rule.key]!,
            key: rule.key,
            level: rule.level,
            use_case: useCase?.key ?? null,
            file: relative(projectRoot, rule.where.file).split(sep).join("/"),
            line: rule.where.line,
          }),
        ),
      )
      .sort((a, b) => a.id - b.id),
    lists: listsOf(pack).map(({ name, description }) => ({ name, description })),
  };
  return { path: MANIFEST_FILE, text: `${JSON.stringify(manifest, null, 2)}\n` };
}
