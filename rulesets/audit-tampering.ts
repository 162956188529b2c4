import { pcre2, rule, useCase } from "../src/index.js";
import { forgedAudit, misc, record } from "./base.js";
import { GAP, STATEMENT } from "./sql-text.js";

/** A switch-off is logged after it took effect, and so often not at all; what is logged must not pass unseen. */
const auditSettingChanged = rule({
  key: "audit-setting-changed",
  level: 14,
  on: misc,
  where: {
    "pg.command": pcre2("^(?:RE)?SET$"),
    "pg.statement": pcre2(
      `(?i)${STATEMENT}(?:RE)?SET${GAP}(?:(?:LOCAL|SESSION)${GAP})?(?:pgaudit\\.|log_(?:statement|min_messages|min_error_statement)\\b|session_replication_role\\b)`,
    ),
  },
  groups: ["dam_privileged_operation"],
  description: "PostgreSQL: $(srcuser) changed an audit setting in $(pg.database) from $(pg.client)",
});

/** The server's own word for it, after a reload of its configuration. */
const auditReconfigured = rule({
  key: "audit-reconfigured",
  level: 14,
  on: record,
  where: { "pg.message": pcre2('^parameter \\\\?"{1,2}(?:pgaudit\\.|log_|shared_preload_libraries)') },
  description: "PostgreSQL: the server took over a changed audit or log setting: $(pg.message)",
});

const recordForged = rule({
  key: "audit-record-forged",
  level: 14,
  on: forgedAudit,
  groups: ["dam_log_forgery"],
  attack: ["T1565.001"],
  description: "PostgreSQL: $(srcuser) forged an audit record in $(pg.database) from $(pg.client): $(pg.command)",
});

export const auditTampering = useCase({
  key: "audit-tampering",
  title: "Audit tampered with",
  summary: "Audit settings changed in a session or for the server, and audit records forged.",
  group: "dam_audit_tampering",
  attack: ["T1562.001"],
  compliance: {
    pci_dss: ["10.2.1.6", "10.3.2"],
    hipaa: ["164.312.b"],
    gdpr: ["IV_32.1.b"],
    nist_800_53: ["AU.5", "AU.9"],
    tsc: ["CC7.2"],
  },
  rules: [auditSettingChanged, auditReconfigured, recordForged],
});
