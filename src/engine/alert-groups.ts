/** The groups of an alert's rule, with compliance requirements taken out into lists of their own (`json_extended.c`). */
import { DataTree } from "./alert-data.js";
import type { Bytes } from "./bytes.js";

/** Only so much of the group text, and of a rootcheck log, is read. */
const TEXT_SIZE = 1023;
const ROOTCHECK_MATCHES = 10;
/** What stands between the braces is cut to this. */
const ROOTCHECK_SIZE = 29;

const COMPLIANCE = ["pci_dss", "cis", "gdpr", "gpg13", "hipaa", "nist_800_53", "tsc"] as const;

/** `groups` first, then each compliance standard in the order in which it first occurs. */
export function groupLists(groupText: Bytes): Map<Bytes, Bytes[]> {
  const lists = new Map<Bytes, Bytes[]>([["groups", []]]);
  for (const group of groupText.slice(0, TEXT_SIZE).split(",")) {
    if (group === "") continue;
    const standard = COMPLIANCE.find((name) => group.startsWith(`${name}_`));
    if (standard === undefined) append(lists, "groups", group);
    else append(lists, standard, group.slice(standard.length + 1));
  }
  return lists;
}

/** Requirements that a configuration assessment names in `data.sca.check.compliance`. */
export function addAssessmentCompliance(lists: Map<Bytes, Bytes[]>, data: DataTree): void {
  let compliance: unknown = data;
  for (const name of ["sca", "check", "compliance"]) {
    compliance = compliance instanceof DataTree ? compliance.get(name) : undefined;
  }
  if (!(compliance instanceof DataTree)) return;
  for (const [standard, value] of compliance.entries()) {
    if (typeof value !== "string") continue;
    for (const part of value.split(",")) {
      const requirement = trim(part);
      if (requirement !== "") append(lists, standard, requirement);
    }
  }
}

/** Requirements that a rootcheck log names: `{PCI_DSS: 2.2.3, 4.1}`. */
export function addRootcheckCompliance(lists: Map<Bytes, Bytes[]>, fullLog: Bytes): void {
  const found = [...fullLog.slice(0, TEXT_SIZE).matchAll(/\{([A-Za-z0-9_]*: [A-Za-z0-9_., ]*)\}/g)];
  for (const match of found.slice(0, ROOTCHECK_MATCHES)) {
    const [standard, requirements] = match[1]!
      .slice(0, ROOTCHECK_SIZE)
      .split(":")
      .filter((part) => part !== "");
    const parts = trim(requirements ?? "").split(",");
    lists.set(trim(standard!).toLowerCase(), parts.filter((part) => part !== "").map(trim));
  }
}

function append(lists: Map<Bytes, Bytes[]>, name: Bytes, value: Bytes): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [value]);
  else list.push(value);
}

/** C's isspace; `trim` would take bytes above 127 too. */
function trim(text: Bytes): Bytes {
  return text.replace(/^[ \t-\r]+|[ \t-\r]+$/g, "");
}
