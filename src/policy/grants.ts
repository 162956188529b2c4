/** What an account can be authorised for in the site policy; `everything` stands for all the others. */
export const GRANTS = {
  routines: "create, alter and drop routines, triggers, aggregates and operators",
  "wrapped-routines": "create routines in C, internal or untrusted languages, or with hidden source",
  "routine-calls": "execute routines and DO blocks, and open cursors",
  "sensitive-routines": "execute the routines that the policy names as sensitive",
  views: "drop views",
  tables: "create, alter, empty and drop tables, with their policies, and create schemas",
  "staging-tables": "create, alter, truncate and drop tables in the schema staging",
  roles: "create, alter and drop roles, their passwords and plain memberships",
  "role-switch": "SET ROLE and SET SESSION AUTHORIZATION",
  privileges: "grant and revoke privileges, and operate on the server, its extensions and its settings",
  "foreign-servers": "create and use foreign servers, user mappings and database links",
  "sensitive-reads": "read the sensitive relations, by conditions and in part",
  export: "carry data out: COPY, cursors, functions that turn tables into XML",
  dump: "pg_dump, base backups and replication, and what they read: all tables, hashes of passwords",
  monitoring: "reset statistics and list log files",
} as const;

export type Grant = keyof typeof GRANTS;

export const EVERYTHING = "everything";
