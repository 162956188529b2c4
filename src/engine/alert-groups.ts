/** The groups of an alert's rule, with compliance requirements taken out into lists of their own (`json_extended.c`). */
import type { Bytes } from "./bytes.js";
import type { JsonObject } from "./json-text.js";
import type { Show } from "./show.js";

/** Only so much of the group text, and of a rootcheck log, is read. */
const TEXT_SIZE = 1023;
const ROOTCHECK_MATCHES = 10;
/** What stands between the braces is cut to this. */
const ROOTCHECK_SIZE = 29;

const COMPLIANCE = ["pci_dss", "cis", "gdpr", "gpg13", "hipaa", "nist_800_53", "tsc"] as const;

/** By name, as shown. */
export type GroupLists = Map<string, string[]>;

/** The same groups come with every alert of a rule. */
const known = new WeakMap<Show, Map<Bytes, GroupLists>>();
const REMEMBERED_TEXTS = 50_000;

/** `groups` first, then each compliance standard in the order in which it first occurs. The caller may change them. */
export function groupLists(groupText: Bytes, show: Show): GroupLists {
  const listsOf = known.get(show) ?? new Map<Bytes, GroupLists>();
  known.set(show, listsOf);
  let lists = listsOf.get(groupText);
  if (lists === undefined) {
    lists = readGroups(groupText, show);
    if (listsOf.size >= REMEMBERED_TEXTS) listsOf.clear();
    listsOf.set(groupText, lists);
  }
  const copy: GroupLists = new Map();
  for (const [name, values] of lists) copy.set(name, values.slice());
  return copy;
}

function readGroups(groupText: Bytes, show: Show): GroupLists {
  const lists: GroupLists = new Map([["groups", []]]);
  for (const group of groupText.slice(0, TEXT_SIZE).split(",")) {
    if (group === "") continue;
    const standard = COMPLIANCE.find((name) => group.startsWith(`${name}_`));
    if (standard === undefined) append(lists, "groups", show(group));
    else append(lists, standard, show(group.slice(standard.length + 1)));
  }
  return lists;
}

/** Requirements that a configuration assessment names in `data.sca.check.compliance`. */
export function addAssessmentCompliance(lists: GroupLists, compliance: JsonObject): void {
  for (const [standard, value] of Object.entries(compliance)) {
    if (typeof value !== "string") continue;
    for (const part of value.split(",")) {
      const requirement = trim(part);
      if (requirement !== "") append(lists, standard, requirement);
    }
  }
}

/** Requirements that a rootcheck log names: `{PCI_DSS: 2.2.3, 4.1}`. */
export function addRootcheckCompliance(lists: GroupLists, fullLog: Bytes, show: Show): void {
  const found = [...fullLog.slice(0, TEXT_SIZE).matchAll(/\{([A-Za-z0-9_]*: [A-Za-z0-9_., ]*)\}/g)];
  for (const match of found.slice(0, ROOTCHECK_MATCHES)) {
    const [standard, requirements] = match[1]!
      .slice(0, ROOTCHECK_SIZE)
      .split(":")
      .filter((part) => part !== "");
    const parts = trim(requirements ?? "").split(",");
    const values = parts.filter((part) => part !== "").map((part) => show(trim(part)));
    lists.set(show(trim(standard!).toLowerCase()), values);
  }
}

function append(lists: GroupLists, name: string, value: string): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [value]);
  else list.push(value);
}

/** C's isspace; `trim` would take bytes above 127 too. */
function trim(text: Bytes): Bytes {
  return text.replace(/^[ \t-\r]+|[ \t-\r]+$/g, "");
}
