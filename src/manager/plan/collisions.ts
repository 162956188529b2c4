/** Where ours and what the manager has already get in each other's way. */
import type { Diagnostic, Where } from "../../diagnostics/diagnostic.js";
import { baseName } from "../../ruleset/load-order.js";
import { attributeOf } from "../../ruleset/xml.js";
import { keyOf, type Piece } from "../pieces.js";
import { elementsOf, type LoadedManager } from "./manager-ruleset.js";

/** Ids, decoder names and file names that are there twice, and files of ours that the manager would not read. */
export function collisions(after: LoadedManager, pieces: readonly Piece[]): Diagnostic[] {
  const ours = new Set(pieces.flatMap(({ address, content }) => (content ? [keyOf(address)] : [])));
  return [
    ...notLoaded(after, pieces),
    ...doubleNames(after, ours),
    ...doubleDecoders(after, ours),
    ...doubleRules(after, ours),
  ];
}

function notLoaded({ loaded }: LoadedManager, pieces: readonly Piece[]): Diagnostic[] {
  const read = new Set([...loaded.decoders, ...loaded.rules]);
  return pieces.flatMap(({ address, content }): Diagnostic[] => {
    if ((address.kind !== "decoders" && address.kind !== "rules") || !content || read.has(keyOf(address))) return [];
    const element = address.kind === "rules" ? "rule" : "decoder";
    return [
      {
        code: "file-not-loaded",
        severity: "error",
        message: `${keyOf(address)} would not be read: the manager's ossec.conf excludes it, or does not name etc/${address.kind}`,
        hint: `add <${element}_dir>etc/${address.kind}</${element}_dir> to its ruleset section, and remove a ${element}_exclude of this name`,
      },
    ];
  });
}

/** Of two files with one base name nobody can say which is read first. */
function doubleNames({ loaded }: LoadedManager, ours: ReadonlySet<string>): Diagnostic[] {
  return [loaded.decoders, loaded.rules].flatMap((paths) =>
    paths
      .filter((path) => ours.has(path))
      .flatMap((path) =>
        paths
          .filter((other) => other !== path && baseName(other) === baseName(path))
          .map(
            (other): Diagnostic => ({
              code: "file-name-taken",
              severity: "error",
              message: `${path} and ${other} have the same name: which of them is loaded first is left to chance`,
              hint: "rename one of them",
            }),
          ),
      ),
  );
}

function doubleDecoders({ files, loaded }: LoadedManager, ours: ReadonlySet<string>): Diagnostic[] {
  const own = new Set<string>();
  const others = new Map<string, Where>();
  for (const path of loaded.decoders)
    for (const element of elementsOf(path, files)) {
      const name = attributeOf(element, "name");
      if (name === undefined || element.children.some((child) => child.name === "parent")) continue;
      if (ours.has(path)) own.add(name);
      else others.set(name, element.where);
    }
  return [...own].flatMap((name): Diagnostic[] => {
    const where = others.get(name);
    if (!where) return [];
    return [
      {
        code: "decoder-name-taken",
        severity: "error",
        message: `there is a decoder "${name}" in ${where.file} already: children of either would join both`,
        hint: "rename one of them",
      },
    ];
  });
}

function doubleRules({ files, loaded }: LoadedManager, ours: ReadonlySet<string>): Diagnostic[] {
  const own = new Map<number, Where>();
  const found: Diagnostic[] = [];
  for (const { id, where } of rulesOf(
    loaded.rules.filter((path) => ours.has(path)),
    files,
  ))
    own.set(id, where);
  for (const { id, where, overwrite } of rulesOf(
    loaded.rules.filter((path) => !ours.has(path)),
    files,
  )) {
    const mine = own.get(id);
    if (!mine) continue;
    found.push({
      code: overwrite ? "rule-overwritten" : "rule-id-taken",
      severity: "error",
      message: overwrite
        ? `${where.file} overwrites rule ${id} of ${mine.file}`
        : `rule ${id} of ${mine.file} is in ${where.file} too: only the one that is loaded first counts`,
      hint: `give the rule in ${where.file} another id, or remove it`,
    });
  }
  return found;
}

function rulesOf(paths: readonly string[], files: LoadedManager["files"]) {
  return paths.flatMap((path) =>
    elementsOf(path, files)
      .flatMap(({ children }) => children)
      .map((rule) => ({
        id: Number(attributeOf(rule, "id")),
        overwrite: attributeOf(rule, "overwrite") === "yes",
        where: rule.where,
      })),
  );
}
