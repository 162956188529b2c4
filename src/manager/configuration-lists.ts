/** The `<list>` declarations of ossec.conf that are ours: a marked block inside the ruleset section that counts. */

import { problem } from "../diagnostics/problem.js";
import { type Bytes, fromBytes, toBytes } from "../engine/bytes.js";
import { type ManagerConfiguration, readConfiguration } from "../ruleset/configuration.js";
import { textFileName } from "../ruleset/list-table.js";
import { Reporter, RulesetRefused } from "../ruleset/reporter.js";
import { scanXml } from "../ruleset/xml-scanner.js";
import { blockIn, insertBlock, withoutBlock } from "./marked-block.js";

const NAME = "etc/ossec.conf";
const DECLARATION = /<list>\s*([^<]*?)\s*<\/list>/g;

/** Paths of the lists that our block declares, `etc/lists/a`; null when there is no block. */
export function declaredLists(text: Bytes): readonly string[] | null {
  const block = blockIn(text);
  return block === null ? null : [...block.matchAll(DECLARATION)].map((match) => fromBytes(match[1]!));
}

/** Those among `lists` that somebody declared outside our block: they are not declared again. */
export function declaredElsewhere(text: Bytes, lists: readonly string[]): readonly string[] {
  const others = new Set(read(withoutBlock(text)).lists.map(textFileName));
  return lists.filter((list) => others.has(list));
}

/**
 * ossec.conf with exactly these lists in our block; no lists, no block. Of several ruleset sections only the last with a
 * list counts, so the block goes into that one.
 *
 * Throws a Problem where that cannot be done so that the loader sees these lists more and nothing else changed.
 */
export function withDeclaredLists(text: Bytes, lists: readonly string[]): Bytes {
  const bare = withoutBlock(text);
  if (lists.length === 0) return bare;
  const before = read(bare);
  const content = lists.map((list) => `  <list>${toBytes(list)}</list>`).join("\n");
  const end = rulesetEnd(bare);
  if (end === null) throw refused("it has no <ruleset> section");
  const lineStart = bare.lastIndexOf("\n", end - 1) + 1;
  const lead = bare.slice(lineStart, end);
  const ownLine = /^[ \t]*$/.test(lead);
  const changed = insertBlock(bare, ownLine ? lineStart : end, ownLine ? `${lead}  ` : "", content);
  const after = read(changed);
  if (describe(after) !== describe({ ...before, lists: [...before.lists, ...lists] }))
    throw refused("its <ruleset> section cannot be told from the text around it");
  return changed;
}

function describe({ decoders, rules, lists, logAlertLevel, emailAlertLevel }: ManagerConfiguration): string {
  const files = [decoders, rules].map(({ directories, includes, excludes }) => [
    directories.map(({ path }) => path),
    includes,
    excludes,
  ]);
  return JSON.stringify([files, lists, logAlertLevel, emailAlertLevel]);
}

function read(text: Bytes): ManagerConfiguration {
  const reporter = new Reporter();
  try {
    return readConfiguration({ name: NAME, text }, reporter);
  } catch (error) {
    if (!(error instanceof RulesetRefused)) throw error;
    throw refused(reporter.diagnostics.at(-1)?.message ?? "the manager's loader refuses it");
  }
}

/** Offset of the `</ruleset>` that closes the section whose lists count. */
function rulesetEnd(text: Bytes): number | null {
  const sections: { hasLists: boolean; line: number; column: number }[] = [];
  for (const item of scanXml(text, NAME)) {
    if (item.kind !== "element") continue;
    if (item.depth === 1 && item.name === "ruleset") sections.push({ hasLists: false, ...item.where });
    if (item.depth === 2 && item.name === "list" && sections.length > 0) sections.at(-1)!.hasLists = true;
  }
  const section = sections.findLast(({ hasLists }) => hasLists) ?? sections.at(-1);
  if (!section) return null;
  let start = 0;
  for (let line = 1; line < section.line; line++) start = text.indexOf("\n", start) + 1;
  const comments = commentSpans(text);
  const inComment = (at: number) => comments.some(([from, to]) => at >= from && at < to);
  for (let at = text.indexOf("</ruleset>", start); at >= 0; at = text.indexOf("</ruleset>", at + 1))
    if (!inComment(at)) return at;
  return null;
}

function commentSpans(text: Bytes): (readonly [number, number])[] {
  return [...text.matchAll(/<!--[\s\S]*?-->/g)].map((match) => [match.index, match.index + match[0].length] as const);
}

function refused(reason: string) {
  return problem(2, {
    code: "configuration-unusable",
    message: `lists cannot be declared in ${NAME}: ${reason}`,
    hint: "declare them by hand, as generated/wazuh/ossec-ruleset.conf does; what is there already is left alone",
  });
}
