/** Entitlements of a server at one moment, in a form that is the same for the same state. */
export interface Snapshot {
  readonly format: 1;
  readonly server: {
    readonly version: string;
    /** Whether the account saw every setting: two snapshots of which one did not are not compared in settings. */
    readonly all_settings: boolean;
  };
  /** By name; so all of the others. */
  readonly roles: Readonly<Record<string, Role>>;
  /** `member in role`. */
  readonly memberships: Readonly<Record<string, Membership>>;
  /** What differs from PostgreSQL's defaults. */
  readonly settings: Readonly<Record<string, string>>;
  /** `name of whom`: ALTER ROLE and ALTER DATABASE … SET. */
  readonly overrides: Readonly<Record<string, string>>;
  /** `privilege on parameter to grantee`. */
  readonly parameter_grants: Readonly<Record<string, string>>;
  readonly databases: Readonly<Record<string, DatabaseSnapshot>>;
}

export interface Role {
  readonly superuser: boolean;
  readonly inherit: boolean;
  readonly createrole: boolean;
  readonly createdb: boolean;
  readonly login: boolean;
  readonly replication: boolean;
  readonly bypassrls: boolean;
  readonly connection_limit: number;
  readonly valid_until: string | null;
}

export interface Membership {
  readonly admin: boolean;
}

export interface DatabaseSnapshot {
  readonly owner: string;
  readonly grants: readonly string[];
  readonly extensions: Readonly<Record<string, string>>;
  /** `event, state, routine` by name. */
  readonly event_triggers: Readonly<Record<string, string>>;
  readonly sensitive_relations: Readonly<Record<string, Relation>>;
  /** Routines outside the system schemas, and those inside that run with their owner's rights. */
  readonly routines: Readonly<Record<string, Routine>>;
  /** One hash over the source of all routines of pg_catalog and information_schema. */
  readonly system_routines: string;
}

export interface Relation {
  readonly owner: string;
  /** As PostgreSQL prints them: `grantee=privileges/grantor`. */
  readonly grants: readonly string[];
  /** `column: grantee=privileges/grantor`. */
  readonly column_grants: readonly string[];
  readonly row_security: string;
}

export interface Routine {
  readonly owner: string;
  readonly language: string;
  readonly security_definer: boolean;
  readonly settings: readonly string[];
  readonly grants: readonly string[];
  /** SHA-256 of the source and, for C, of the library and symbol. */
  readonly source_sha256: string;
}
