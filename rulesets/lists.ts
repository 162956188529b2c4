import { list } from "../src/index.js";

/** Who may do what: one list per question that the rules ask, filled from the site policy. */
export const mayCallRoutines = list({
  name: "dam-may-call-routines",
  description: "accounts that may execute routines and DO blocks",
  content: { from: "grants", anyOf: ["routine-calls", "routines"] },
});
export const mayCallSensitiveRoutines = list({
  name: "dam-may-call-sensitive",
  description: "accounts that may execute the sensitive routines",
  content: { from: "grants", anyOf: ["sensitive-routines"] },
});
export const mayChangeRoutines = list({
  name: "dam-may-change-routines",
  description: "accounts that may create, alter and drop routines and triggers",
  content: { from: "grants", anyOf: ["routines"] },
});
export const mayWrapRoutines = list({
  name: "dam-may-wrap-routines",
  description: "accounts that may create native, untrusted or wrapped routines",
  content: { from: "grants", anyOf: ["wrapped-routines"] },
});
export const mayChangeViews = list({
  name: "dam-may-change-views",
  description: "accounts that may alter and drop views",
  content: { from: "grants", anyOf: ["views"] },
});
export const mayChangeTables = list({
  name: "dam-may-change-tables",
  description: "accounts that may create, alter and drop tables",
  content: { from: "grants", anyOf: ["tables"] },
});
export const mayChangeStagingTables = list({
  name: "dam-may-change-staging",
  description: "accounts that may create, alter and drop tables in the schema staging",
  content: { from: "grants", anyOf: ["staging-tables"] },
});
export const mayChangeRoles = list({
  name: "dam-may-change-roles",
  description: "accounts that may create, alter and drop roles",
  content: { from: "grants", anyOf: ["roles"] },
});
export const maySwitchRole = list({
  name: "dam-may-switch-role",
  description: "accounts that may take another role",
  content: { from: "grants", anyOf: ["role-switch"] },
});
export const mayAdminister = list({
  name: "dam-may-administer",
  description: "accounts that may grant privileges and administer the server",
  content: { from: "grants", anyOf: ["privileges"] },
});
export const mayReachOut = list({
  name: "dam-may-reach-out",
  description: "accounts that may create and use foreign servers, publications and subscriptions",
  content: { from: "grants", anyOf: ["foreign-servers"] },
});
export const mayExport = list({
  name: "dam-may-export",
  description: "accounts that may carry data out with COPY, cursors or a dump",
  content: { from: "grants", anyOf: ["export", "dump"] },
});
export const mayDump = list({
  name: "dam-may-dump",
  description: "accounts that may dump, back up and replicate databases",
  content: { from: "grants", anyOf: ["dump"] },
});
export const mayReadSensitive = list({
  name: "dam-may-read-sensitive",
  description: "accounts that may read the sensitive relations",
  content: { from: "grants", anyOf: ["sensitive-reads", "export", "dump"] },
});
export const mayExplore = list({
  name: "dam-may-explore",
  description: "accounts that may look up how the database is built",
  content: { from: "grants", anyOf: ["tables", "views", "routines", "monitoring", "dump"] },
});
export const mayMonitor = list({
  name: "dam-may-monitor",
  description: "accounts that may read the server's own state and reset its statistics",
  content: { from: "grants", anyOf: ["monitoring"] },
});
export const mayReadCredentials = list({
  name: "dam-may-read-credentials",
  description: "accounts that may read hashes of passwords and rules of access, as pg_dumpall does",
  content: { from: "grants", anyOf: ["dump", "privileges"] },
});
export const people = list({
  name: "dam-people",
  description: "accounts of people, as opposed to programs",
  content: { from: "people" },
});
export const sensitiveRelations = list({
  name: "dam-sensitive-relations",
  description: "relations that object auditing watches",
  content: { from: "sensitive-relations" },
});
export const sensitiveRoutines = list({
  name: "dam-sensitive-routines",
  description: "routines that read or run with more rights than their caller has",
  content: { from: "sensitive-routines" },
});
