/** Files of others that decide events in place of ours: nothing fails when they do, so it is said beforehand. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { baseName } from "../../ruleset/load-order.js";
import { attributeOf } from "../../ruleset/xml.js";
import { keyOf, type Piece } from "../pieces.js";
import { elementsOf, type LoadedManager } from "./manager-ruleset.js";
import { ruleTexts } from "./rule-texts.js";

export function shadowing(after: LoadedManager, pieces: readonly Piece[]): Diagnostic[] {
  const ours = new Set(pieces.flatMap(({ address, content }) => (content ? [keyOf(address)] : [])));
  return [...decodersBefore(after, ours), ...rulesOnOurs(after, ours)];
}

/** Of top-level decoders the one that is loaded first and fits has the event, and files are loaded by their base name. */
function decodersBefore({ files, loaded }: LoadedManager, ours: ReadonlySet<string>): Diagnostic[] {
  const ordered = [...loaded.decoders].sort((a, b) => (baseName(a) < baseName(b) ? -1 : 1));
  return ordered.flatMap((path, at): Diagnostic[] => {
    if (!ours.has(path) || !hasTopLevel(path, files)) return [];
    const earlier = ordered.slice(0, at).filter((other) => !ours.has(other) && hasTopLevel(other, files));
    if (earlier.length === 0) return [];
    const are = earlier.length > 1 ? `and ${earlier.length - 1} more are` : "is";
    return [
      {
        code: "decoders-loaded-before",
        severity: "warning",
        message: `${earlier[0]} ${are} loaded before ${path}: an event that fits decoders of both is theirs`,
        hint: `files are loaded by name, whatever folder they are in: rename it to come after ${baseName(path)}`,
      },
    ];
  });
}

/** A child that matches decides in place of its parent, level 0 included. */
function rulesOnOurs({ files, loaded }: LoadedManager, ours: ReadonlySet<string>): Diagnostic[] {
  const texts = (path: string) => [...ruleTexts(path, files.get(path)!).values()];
  const own = new Set(loaded.rules.filter((path) => ours.has(path)).flatMap((path) => texts(path).map(({ id }) => id)));
  return loaded.rules
    .filter((path) => !ours.has(path))
    .flatMap((path) =>
      texts(path).flatMap(({ id, level, conditions }): Diagnostic[] => {
        const parents = conditions
          .filter(({ element }) => element === "if_sid")
          .flatMap(({ content }) => content.split(/[\s,]+/).map(Number))
          .filter((parent) => own.has(parent));
        if (parents.length === 0) return [];
        return [
          {
            code: "rule-decides-instead",
            severity: "warning",
            message: `rule ${id} (level ${level}) of ${path} decides in place of rule ${parents.join(", ")} where both match`,
          },
        ];
      }),
    );
}

function hasTopLevel(path: string, files: LoadedManager["files"]): boolean {
  return elementsOf(path, files).some(
    (element) => attributeOf(element, "name") !== undefined && !element.children.some(({ name }) => name === "parent"),
  );
}
