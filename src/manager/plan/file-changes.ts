/** What would happen to each file. */
import type { DeploymentRecord } from "../deployment/record.js";
import { keyOf, listsOf, sameContent } from "../pieces.js";
import type { Change } from "./desired.js";

export interface FileChange {
  /** `etc/rules/a.xml`, `etc/ossec.conf (node)`. */
  readonly path: string;
  readonly change: "added" | "changed" | "removed";
  /**
   * What is there is not what the last deployment put there: somebody has edited it, or it was never ours. It is lost
   * when this is deployed.
   */
  readonly foreign: boolean;
  /** Keys of a list that come and go; lists that ossec.conf declares more or less. */
  readonly lines?: { readonly added: readonly string[]; readonly removed: readonly string[] };
}

/** Lists hold accounts and relations: more lines than this are counted, not shown. */
const SHOWN_LINES = 20;

export function fileChanges({ before, after }: Change, last: DeploymentRecord | null): FileChange[] {
  const deployed = new Map(last?.pieces.map(({ address, content }) => [keyOf(address), content]));
  return after
    .flatMap(({ address, content }, index): FileChange[] => {
      const old = before[index]!.content;
      if (sameContent(address, old, content)) return [];
      const path = keyOf(address);
      const lines = address.kind === "lists" || address.kind === "configuration";
      return [
        {
          path,
          change: old === null ? "added" : content === null ? "removed" : "changed",
          foreign: !sameContent(address, old, deployed.get(path) ?? null),
          ...(lines && { lines: lineChanges(linesOf(old), linesOf(content)) }),
        },
      ];
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function linesOf(content: Uint8Array | null): string[] {
  return listsOf(content).filter((line) => line !== "");
}

function lineChanges(old: readonly string[], fresh: readonly string[]) {
  return {
    added: shortened(fresh.filter((line) => !old.includes(line))),
    removed: shortened(old.filter((line) => !fresh.includes(line))),
  };
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= SHOWN_LINES) return lines;
  return [...lines.slice(0, SHOWN_LINES), `and ${lines.length - SHOWN_LINES} more`];
}
