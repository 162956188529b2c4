import { appendFile, chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { Outcome } from "../../src/assess/check.js";
import { CHECKS } from "../../src/assess/checks/index.js";
import type { ConnectionTarget } from "../../src/assess/connection/target.js";
import { type Assessment, assess } from "../../src/assess/run.js";
import { readSitePolicy, type SitePolicy } from "../../src/policy/site-policy.js";
import { PrivateCluster, SUPERUSER } from "../../src/postgresql/cluster.js";
import { rolesSql } from "../../src/targets/postgresql/roles-sql.js";
import { serverSettings } from "../../src/targets/postgresql/server-conf.js";
import type { Change } from "./live-cases.js";

export const PASSWORD = "the right one";
const ADMINISTERED = "appdb";

const HBA = ["local all all scram-sha-256", "host all all 127.0.0.1/32 scram-sha-256", ""].join("\n");

/** What the site of the example policy has, with nothing wrong in it. */
const SITE = (policy: SitePolicy) => `
${Object.keys(policy.accounts)
  .filter((name) => name !== "app_owner")
  .map((name) => `CREATE ROLE ${name} LOGIN;`)
  .join("\n")}
CREATE ROLE app_owner;
ALTER ROLE dba_alice SUPERUSER;
ALTER ROLE iam_admin CREATEROLE;
ALTER ROLE backup_svc REPLICATION;
ALTER ROLE ${SUPERUSER} PASSWORD '${PASSWORD}';
CREATE DATABASE ${ADMINISTERED};
\\connect ${ADMINISTERED}
CREATE SCHEMA app; CREATE SCHEMA hr;
CREATE TABLE app.customers (); CREATE TABLE app.payments (); CREATE TABLE app.orders ();
CREATE TABLE hr.employees (); CREATE TABLE hr.salaries (yearly int);
CREATE FUNCTION app.f_secdef_pans() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = app, pg_temp AS 'SELECT 1';
`;

/** A server as `pgaudit.conf` and `roles.sql` make it, for the example policy, with passwords. */
export class LiveServer {
  readonly policy: SitePolicy;
  readonly target: ConnectionTarget;
  readonly cluster: PrivateCluster;
  readonly #logs: string;

  static async start(changed: Readonly<Record<string, string>> = {}): Promise<LiveServer> {
    const logs = await mkdtemp(join(tmpdir(), "rulewright-logs-"));
    // The server runs under another account when the tests run as root.
    await chmod(logs, 0o777);
    const { value } = await readSitePolicy("site.yaml");
    const policy = { ...value, postgresql: { ...value.postgresql, log_location: `${logs}/*.json` } };
    const cluster = await PrivateCluster.start({ settings: { ...serverSettings(policy), ...changed } });
    const server = new LiveServer(cluster, policy, logs);
    await server.#psql("postgres", SITE(policy));
    const audited = changed.shared_preload_libraries === undefined;
    for (const database of audited ? ["postgres", "template1", ADMINISTERED] : [])
      await server.#psql(database, rolesSql(policy).text);
    await server.writeHba(HBA);
    await server.#reload(async () => {
      await cluster.psql({ sql: "SELECT pg_reload_conf();" });
    });
    return server;
  }

  private constructor(cluster: PrivateCluster, policy: SitePolicy, logs: string) {
    this.cluster = cluster;
    this.policy = policy;
    this.#logs = logs;
    this.target = {
      host: "127.0.0.1",
      port: cluster.port,
      user: SUPERUSER,
      database: "postgres",
      tls: { options: false, fallBack: false },
      connectTimeoutMs: 10_000,
    };
  }

  assess(policy: SitePolicy = this.policy, only: readonly string[] | null = null): Promise<Assessment> {
    return assess(this.target, async () => PASSWORD, policy, CHECKS, only);
  }

  /** Does what the finding says, where that is SQL; false where it is something for people. */
  async apply(fix: string): Promise<boolean> {
    if (!/^[A-Z]+ .*;(?: -- .*)?$/.test(fix)) return false;
    const client = await this.#client(ADMINISTERED);
    const run = async () => {
      await client.query(fix);
      if (fix.includes("then SELECT pg_reload_conf()")) await client.query("SELECT pg_reload_conf()");
    };
    try {
      await (fix.startsWith("ALTER SYSTEM") ? this.#reload(run) : run());
      return true;
    } finally {
      await client.end();
    }
  }

  /** What has a finding, on the server and in the database that is changed. */
  async open(policy: SitePolicy = this.policy): Promise<Outcome[]> {
    const { outcomes } = await this.assess(policy, [ADMINISTERED]);
    return outcomes.filter(({ verdict }) => verdict === "finding");
  }

  /** Their codes, in alphabetical order. */
  async found(policy?: SitePolicy): Promise<string[]> {
    return codesOf(await this.open(policy));
  }

  /** What is found while the change is in force. */
  async during<T>({ sql, undo, reload }: Change, task: () => Promise<T>, mayBeUndone = false): Promise<T> {
    const client = await this.#client(ADMINISTERED);
    const run = async (statements: readonly string[], tolerant: boolean) => {
      for (const statement of statements)
        await client.query(statement).catch((error: unknown) => {
          if (!tolerant) throw error;
        });
    };
    const change = async (statements: readonly string[], tolerant = false) => {
      if (!reload) return run(statements, tolerant);
      return this.#reload(async () => {
        await run(statements, tolerant);
        await client.query("SELECT pg_reload_conf()");
      });
    };
    try {
      await change(sql);
      try {
        return await task();
      } finally {
        await change(undo, mayBeUndone);
      }
    } finally {
      await client.end();
    }
  }

  writeHba(text: string): Promise<void> {
    return writeFile(join(this.cluster.dataDirectory, "pg_hba.conf"), text);
  }

  /** Appends a line to postgresql.conf, without a reload, for one task. */
  async withLine<T>(line: string, task: () => Promise<T>): Promise<T> {
    const file = join(this.cluster.dataDirectory, "postgresql.conf");
    const before = await readFile(file);
    await appendFile(file, `${line}\n`);
    return task().finally(() => writeFile(file, before));
  }

  /** Waits until the server has logged this. */
  async logged(text: string): Promise<boolean> {
    for (let tries = 0; tries < 100; tries++) {
      const files = (await readdir(this.#logs)).map((name) => readFile(join(this.#logs, name), "utf8"));
      if ((await Promise.all(files)).join("").includes(text)) return true;
      await sleep(20);
    }
    return false;
  }

  /** What log_statement = all has logged of this application: the superuser's own setting by roles.sql. */
  async statementsOf(application: string): Promise<string[]> {
    const files = (await readdir(this.#logs)).filter((name) => name.endsWith(".json"));
    const text = await Promise.all(files.map((name) => readFile(join(this.#logs, name), "utf8")));
    return text
      .join("")
      .split("\n")
      .filter((line) => line.startsWith("{") && line.endsWith("}"))
      .map((line) => JSON.parse(line) as { application_name?: string; message: string })
      .filter((each) => each.application_name === application)
      .flatMap(({ message }) => /^(?:statement|execute [^:]+): (.*)/s.exec(message)?.[1] ?? []);
  }

  async stop(): Promise<void> {
    await this.cluster.stop();
    await rm(this.#logs, { recursive: true, force: true });
  }

  /** Waits until sessions begin with the new configuration. */
  async #reload(change: () => Promise<void>): Promise<void> {
    const before = await this.#loadedAt();
    await change();
    for (let tries = 0; (await this.#loadedAt()) === before; tries++) {
      if (tries > 200) throw new Error("the server did not reload its configuration");
      await sleep(20);
    }
  }

  async #loadedAt(): Promise<string> {
    const client = await this.#client("postgres");
    try {
      return (await client.query<{ at: string }>("SELECT pg_conf_load_time()::text AS at")).rows[0]!.at;
    } finally {
      await client.end();
    }
  }

  async #client(database: string): Promise<Client> {
    const { host, port, user } = this.target;
    const client = new Client({ host, port, user, database, password: PASSWORD });
    await client.connect();
    return client;
  }

  async #psql(database: string, sql: string): Promise<void> {
    const { stderr, exitCode } = await this.cluster.psql({ database, sql, stopOnError: true });
    if (exitCode !== 0) throw new Error(stderr);
  }
}

export function codesOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.map(({ code }) => code).sort();
}
