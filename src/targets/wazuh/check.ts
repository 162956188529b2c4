import { listsOf } from "../../compiler/rule-order.js";
import type { Diagnostic, Where } from "../../diagnostics/diagnostic.js";
import type { PackNode } from "../../ir/nodes.js";
import type { LocatedPolicy } from "../../policy/site-policy.js";
import { checkDecoders } from "./check-decoders.js";
import { checkRules } from "./check-rules.js";
import { checkCharacters, checkName, error } from "./check-text.js";
import { FILE_NAME, NAME, OWN_RULE_IDS, PACK_NAME } from "./limits.js";
import { isSayable } from "./list-files.js";

const LIST_TEXT_HINT = "no blank, colon or quote, or else only letters, digits, blanks, colons and hyphens";

/** What a Wazuh 4.14 manager, its API or its index would refuse, cut or lose. All findings are collected. */
export function checkForWazuh(pack: PackNode, site: LocatedPolicy): Diagnostic[] {
  return [...checkPackItself(pack), ...checkDecoders(pack), ...checkRules(pack), ...checkLists(pack, site)];
}

function checkPackItself(pack: PackNode): Diagnostic[] {
  const { name, title, group, ids, useCases, where } = pack;
  const [first, last] = ids;
  const [lowest, highest] = OWN_RULE_IDS;
  return [
    ...checkName("pack", name, PACK_NAME, where, "a lower-case letter, then letters, digits, _ and - only"),
    ...checkName("group", group, NAME, where, "letters, digits, _, - and . only"),
    ...checkCharacters("title", "the title of the pack", title, where),
    ...(Number.isInteger(first) && Number.isInteger(last) && lowest <= first && first <= last && last <= highest
      ? []
      : [
          error(
            "pack-ids",
            `the pack's ids ${first} to ${last} are not all among those for rules of one's own`,
            where,
            `${lowest} to ${highest}`,
          ),
        ]),
    ...useCases.flatMap(({ key, title, summary, where }) => [
      ...checkName("use case", key, FILE_NAME, where, "letters, digits, _ and - only"),
      ...checkCharacters("title", `the title of use case ${key}`, `${title} ${summary}`, where),
    ]),
  ];
}

function checkLists(pack: PackNode, { value: policy, locate }: LocatedPolicy): Diagnostic[] {
  const lists = listsOf(pack);
  const usesPolicy = (from: string) => lists.some(({ content }) => content.from === from);
  return [
    ...lists.flatMap((list) => [
      ...checkName("list", list.name, FILE_NAME, list.where, "letters, digits, _ and - only"),
      ...(list.content.from === "entries"
        ? Object.entries(list.content.entries).flatMap(([key, value]) =>
            [key, ...(value === "" ? [] : [value])].flatMap((text) =>
              checkListText(`list ${list.name} cannot hold`, text, list.where),
            ),
          )
        : []),
    ]),
    ...(usesPolicy("grants")
      ? Object.keys(policy.accounts).flatMap((account) =>
          checkListText("a list cannot hold the account", account, locate(["accounts", account])),
        )
      : []),
    ...(usesPolicy("sensitive-relations")
      ? policy.sensitive_relations.flatMap((relation, index) =>
          checkListText("a list cannot hold the relation", relation, locate(["sensitive_relations", index])),
        )
      : []),
    ...(usesPolicy("sensitive-routines")
      ? (policy.sensitive_routines ?? []).flatMap((routine, index) =>
          checkListText("a list cannot hold the routine", routine, locate(["sensitive_routines", index])),
        )
      : []),
  ];
}

function checkListText(cannot: string, text: string, where: Where): Diagnostic[] {
  if (isSayable(text)) return [];
  return [error("list-text-unsayable", `${cannot} ${JSON.stringify(text)}`, where, LIST_TEXT_HINT)];
}
