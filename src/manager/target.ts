/**
 * What a deployment works on. A manager's directory and a manager's (or cluster's) API implement the same primitives;
 * everything that must be right on both – steps, journal, lock, history – is built on top of them, once.
 *
 * Failures are thrown as a Problem: exit code 2 where the target cannot be reached or refuses, 3 where its entry in
 * deploy.yaml is wrong. No message ever holds a password or a token.
 */

import type { Diagnostic } from "../diagnostics/diagnostic.js";

/** Folders below etc/ that hold custom files; in the order in which a deployment writes them. */
export const FILE_KINDS = ["lists", "decoders", "rules"] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** A file that a deployment may write. */
export type Address =
  /** `etc/<kind>/<name>`, directly in the folder. */
  | { readonly kind: FileKind; readonly name: string }
  /** ossec.conf of one node; `node` is the name that `facts` gives. Every node has its own: it is not synchronised. */
  | { readonly kind: "configuration"; readonly node: string }
  /** agent.conf of an agent group. */
  | { readonly kind: "group"; readonly name: string };

/** One line for people and for the keys of records: `etc/rules/a.xml`, `etc/ossec.conf (worker-1)`. */
export function addressText(address: Address): string {
  if (address.kind === "configuration") return `etc/ossec.conf (${address.node})`;
  if (address.kind === "group") return `etc/shared/${address.name}/agent.conf`;
  return `etc/${address.kind}/${address.name}`;
}

export interface TargetNode {
  /** As the cluster calls it; `manager` where there is no cluster. */
  readonly name: string;
  readonly type: "manager" | "master" | "worker";
  /** `4.14.7`; null where it cannot be told. */
  readonly version: string | null;
}

/** What preflight looks at before anything is written. */
export interface TargetFacts {
  /** Of the manager, or of the cluster's master: `4.14.7`; null where it cannot be told. */
  readonly version: string | null;
  /** The first is the one that is written to: the manager or the master. */
  readonly nodes: readonly TargetNode[];
  /**
   * What this user may not do and a deployment needs, in words that say what to grant: `rules:update`, `cannot write
   * etc/rules`. Empty: all is there.
   */
  readonly missingPermissions: readonly string[];
  /** What cannot be seen from here, in words: `the other nodes of the cluster`. It is never shown as clean. */
  readonly notChecked?: readonly string[];
}

/** All files that decide which ruleset a manager loads, by their path below its root; `/` between the parts. */
export interface ManagerFiles {
  /** `etc/ossec.conf` (of the first node), `ruleset/decoders/…`, `ruleset/rules/…`, `etc/decoders/…`, `etc/lists/…`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Paths that are there but could not be read, with the reason: what is found without them is *not checked*. */
  readonly unreadable: ReadonlyMap<string, string>;
}

export interface LogtestEvent {
  /** One message. */
  readonly event: Uint8Array;
  readonly location: string;
  /** Default `syslog`. */
  readonly logFormat?: string;
}

export interface LogtestAnswer {
  /** What the manager says beside the verdict: loader warnings with the first event of a session. */
  readonly messages: readonly string[];
  /** The alert-like object; null when the event was not processed. */
  readonly output: Readonly<Record<string, unknown>> | null;
  readonly alert: boolean;
}

/** A session of the manager's logtest. It has the ruleset that was on disk when its first event came. */
export interface LogtestSession {
  /** Throws a Problem when the manager cannot take the event, as with bytes that are no UTF-8: never a silent skip. */
  process(event: LogtestEvent): Promise<LogtestAnswer>;
  /** Ends the session on the manager; a failure to do so is not thrown. */
  close(): Promise<void>;
}

/** Small records kept on the target: any machine sees the last deployment and can take up an interrupted one. */
export interface StateStore {
  /** Names of what is kept: letters of `[a-z0-9-]`. */
  names(): Promise<readonly string[]>;
  /** Null when there is none. */
  read(name: string): Promise<Uint8Array | null>;
  /** Makes it only if it is not there; false when it is. */
  create(name: string, bytes: Uint8Array): Promise<boolean>;
  /**
   * Of two callers of `create` at once one gets true, or both do and after so many milliseconds all read what one of them
   * wrote.
   */
  readonly settlesInMs: number;
  /** Whole or not at all, and durable when it returns. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** No failure when there is none. */
  remove(name: string): Promise<void>;
}

export interface WaitOptions {
  readonly timeoutMs: number;
  /** Takes one line for a person who waits. */
  readonly tell?: (line: string) => void;
  /** Ends the waiting with a Problem. */
  readonly signal?: AbortSignal;
}

/** How a reload ended. */
export type ReloadResult =
  /** Every node runs the new ruleset. */
  | { readonly state: "reloaded"; readonly messages: readonly string[] }
  /** Nothing is running that could be told; `hint` says what to run by hand. */
  | { readonly state: "by-hand"; readonly hint: string };

export interface Target {
  /** As deploy.yaml calls it. */
  readonly name: string;
  /** URL or directory, for people. */
  readonly place: string;

  facts(): Promise<TargetFacts>;
  /** Names of the agent groups. */
  groups(): Promise<readonly string[]>;

  /** Names of the custom files of a kind, directly in `etc/<kind>`, sorted; compiled `.cdb`, backups and state left out. */
  list(kind: FileKind): Promise<readonly string[]>;
  /** The bytes, exactly; null when there is no such file. A group's agent.conf may come back pretty-printed. */
  read(address: Address): Promise<Uint8Array | null>;
  /** Makes or replaces the file, whole or not at all, and durable when it returns. */
  write(address: Address, bytes: Uint8Array): Promise<void>;
  /** No failure when there is none. Not for `configuration`. */
  remove(address: Address): Promise<void>;

  /** What this target would refuse of a file, or change on its way. Where it is not there, it takes everything. */
  refusalOf?(address: Address, bytes: Uint8Array): Diagnostic | null;

  /** Reads all that the manager's loader would look at, stock files included. May be slow. */
  installed(): Promise<ManagerFiles>;
  /** The manager's own configuration check on every node: what it complains of. Null when there is nothing to ask. */
  validate(): Promise<readonly string[] | null>;
  /** Null when this target has no logtest that answers. */
  openLogtest(): Promise<LogtestSession | null>;

  /** Returns when every node has the files of the first; throws a Problem that names those which have not in time. */
  synchronise(options: WaitOptions): Promise<void>;
  /**
   * Makes every node load what is on disk and waits until each has confirmed it. A node that does not confirm in time,
   * or says that the ruleset does not load, is a Problem.
   */
  reload(options: WaitOptions): Promise<ReloadResult>;

  readonly state: StateStore;
  /** Removes what a write that was interrupted left behind. Only called by the owner of the lock. */
  tidy?(): Promise<void>;
  /** Logs out and closes connections. */
  close(): Promise<void>;
}
