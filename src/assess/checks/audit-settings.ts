/** Settings of pgaudit itself, against what `pgaudit.conf` sets for the policy. */
import { accountsWith } from "../../policy/site-policy.js";
import type { Check, Finding } from "../check.js";
import { booleanText, settingOn } from "../server.js";
import { listText, resetSql, settingFix, whoseText } from "../wording.js";
import { asGenerated, asWanted, UNWRITTEN } from "./wanted-settings.js";

/** Who reads in ways that leave no record under log_rows. */
const COPYING = ["dump", "export"];

const rowsOn: Check = {
  code: "audit-rows-on",
  title: "pgaudit.log_rows is off for accounts that dump or export",
  severity: "high",
  scope: "server",
  references: ["pgaudit fact: log_rows = on loses COPY, cursors and failed statements", "SRG-APP-000507-DB-000356"],
  settings: ["pgaudit.log_rows"],
  evaluate(_rows, { server, policy }): Finding[] {
    const copying = accountsWith(policy, COPYING);
    const loses = "COPY TO, cursors and failed statements lose their records";
    const everywhere = settingOn(server, "pgaudit.log_rows") === "on";
    const who = copying.length > 0 ? ` of ${listText(copying)}` : "";
    const own = server.overrides.filter(
      ({ name, value, role, superuser }) =>
        name === "pgaudit.log_rows" &&
        booleanText(value) === "on" &&
        // A person who may neither dump nor export is a fair use of it.
        (role === null || superuser || copying.includes(role) || !Object.hasOwn(policy.accounts, role)),
    );
    return [
      ...(everywhere
        ? [{ found: `pgaudit.log_rows is on: ${loses}${who}`, fix: settingFix(server, "pgaudit.log_rows", "off") }]
        : []),
      ...own.map((each) => ({ found: `pgaudit.log_rows is on for ${whoseText(each)}: ${loses}`, fix: resetSql(each) })),
    ];
  },
};

export const AUDIT_SETTINGS: readonly Check[] = [
  asGenerated({
    code: "audit-classes-short",
    title: "pgaudit.log holds the classes of the policy's preset",
    severity: "high",
    references: ["CIS 3.2", "SRG-APP-000089-DB-000064", "SRG-APP-000504-DB-000354"],
    names: ["pgaudit.log"],
  }),
  asGenerated({
    code: "audit-role-not-set",
    title: "pgaudit.role is the audit role of the policy",
    severity: "high",
    references: ["CIS 3.2", "SRG-APP-000494-DB-000344", "pgaudit fact: object audit survives pgaudit.log = none"],
    names: ["pgaudit.role"],
  }),
  asGenerated({
    code: "audit-catalog-off",
    title: "pgaudit.log_catalog is on",
    severity: "high",
    references: ["pgaudit fact: log_catalog = off hides reads and writes of catalogues", "SRG-APP-000492-DB-000332"],
    names: ["pgaudit.log_catalog"],
  }),
  asWanted({
    code: "audit-level-differs",
    title: "pgaudit.log_level is log",
    severity: "high",
    references: ["pgaudit fact: records of a lower level than log_min_messages are not written"],
    wanted: () => ({ "pgaudit.log_level": UNWRITTEN["pgaudit.log_level"] }),
  }),
  rowsOn,
  asGenerated({
    code: "audit-records-differ",
    title: "pgaudit writes its records in the shape that rules and fixtures know",
    severity: "medium",
    references: ["pgaudit fact: log_statement_once leaves text out of later records"],
    names: [
      "pgaudit.log_parameter",
      "pgaudit.log_relation",
      "pgaudit.log_statement_once",
      "pgaudit.log_client",
      "pgaudit.log_connections",
      "pgaudit.log_disconnections",
    ],
  }),
];
