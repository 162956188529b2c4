/** The manager's own ruleset as the embedded engine loads it, as it is and with ours in place. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { toBytes } from "../../engine/bytes.js";
import type { Ruleset } from "../../engine/model.js";
import { readManagerRuleset } from "../../ruleset/directory.js";
import { memoryTree } from "../../ruleset/file-tree.js";
import { loadRuleset } from "../../ruleset/load.js";
import { readXml, type XmlElement, XmlError } from "../../ruleset/xml.js";
import { withDeclaredLists } from "../configuration-lists.js";
import { keyOf, listsOf, type Piece } from "../pieces.js";
import type { ManagerFiles } from "../target.js";

export const CONFIGURATION = "etc/ossec.conf";

export interface LoadedManager {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Paths of the decoder and rule files that are read, in no particular order. */
  readonly loaded: { readonly decoders: readonly string[]; readonly rules: readonly string[] };
  /** Null when the manager would refuse to start. */
  readonly ruleset: Ruleset | null;
  readonly logAlertLevel: number;
  readonly diagnostics: readonly Diagnostic[];
}

export function loadManager(files: ManagerFiles["files"]): LoadedManager {
  const { input, diagnostics } = readManagerRuleset(memoryTree(files));
  const result = input ? loadRuleset(input) : { ruleset: null, diagnostics: [] };
  const names = (sources: readonly { readonly name: string }[] = []) => sources.map(({ name }) => name);
  return {
    files,
    loaded: { decoders: names(input?.decoders), rules: names(input?.rules) },
    ruleset: result.ruleset,
    logAlertLevel: input?.configuration?.logAlertLevel ?? 3,
    diagnostics: [...diagnostics, ...result.diagnostics],
  };
}

/** The manager's files with these pieces in place; `node` is the one whose ossec.conf is among them. */
export function filesWith(files: ManagerFiles["files"], pieces: readonly Piece[], node: string): ManagerFiles["files"] {
  const changed = new Map(files);
  for (const { address, content } of pieces) {
    if (address.kind === "group") continue;
    if (address.kind === "configuration") {
      const text = address.node === node ? changed.get(CONFIGURATION) : undefined;
      if (text) changed.set(CONFIGURATION, Buffer.from(withDeclaredLists(toBytes(text), listsOf(content)), "latin1"));
    } else if (content === null) changed.delete(keyOf(address));
    else changed.set(keyOf(address), content);
  }
  return changed;
}

/** The elements of one of its files; none where it is no XML, which the loader says. */
export function elementsOf(path: string, files: LoadedManager["files"]): readonly XmlElement[] {
  try {
    return readXml(toBytes(files.get(path)!), path);
  } catch (error) {
    if (error instanceof XmlError) return [];
    throw error;
  }
}

/** What the loader says with ours in place, and does not say without. */
export function newDiagnostics(before: LoadedManager, after: LoadedManager): readonly Diagnostic[] {
  const known = new Set(before.diagnostics.map(identityOf));
  return after.diagnostics.filter((each) => !known.has(identityOf(each)));
}

/** Lines move when a file changes. */
function identityOf({ code, message, where }: Diagnostic): string {
  return JSON.stringify([code, message, where?.file]);
}
