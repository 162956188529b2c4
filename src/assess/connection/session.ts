import { Client, type ClientConfig, DatabaseError } from "pg";
import { Problem, problem } from "../../diagnostics/problem.js";
import { type ConnectionTarget, placeOfServer } from "./target.js";

/** SQL with its parameters. */
export interface Query {
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** A query that the server refused or gave up. */
export class QueryRefused extends Error {
  /** SQLSTATE. */
  readonly state: string;

  constructor(message: string, state: string) {
    super(message);
    this.name = "QueryRefused";
    this.state = state;
  }
}

const STATEMENT_TIMEOUT_MS = 15_000;

/**
 * Given with the start of the session, so that no statement of ours changes a setting: the session cannot write, does not
 * wait, and finds pg_catalog before anything that somebody put into the database.
 */
const START_OPTIONS = [
  "-c default_transaction_read_only=on",
  `-c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
  "-c lock_timeout=2000",
  "-c search_path=pg_catalog,pg_temp",
].join(" ");

/** A read-only session in one database. */
export class ReadOnlySession {
  readonly #client: Client;

  /** Throws a Problem of exit code 2 that says why there is no connection. */
  static async open(
    target: ConnectionTarget,
    password: (database: string) => Promise<string>,
  ): Promise<ReadOnlySession> {
    const { options, fallBack } = target.tls;
    try {
      return await connect(target, password, options);
    } catch (error) {
      if (error instanceof Problem) throw error;
      if (!(fallBack && (error as Error).message.includes("does not support SSL"))) throw unreachable(target, error);
    }
    try {
      return await connect(target, password, false);
    } catch (error) {
      throw error instanceof Problem ? error : unreachable(target, error);
    }
  }

  constructor(client: Client) {
    this.#client = client;
  }

  /** The rows of one SELECT, in a read-only transaction of its own. Throws QueryRefused, or a Problem of exit code 2 when the connection is lost. */
  async rows<Row extends object>({ text, values = [] }: Query): Promise<Row[]> {
    try {
      await this.#client.query("BEGIN READ ONLY");
      try {
        return (await this.#client.query<Row>(text, [...values])).rows;
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        throw new QueryRefused(error.message, error.code ?? "");
      } finally {
        await this.#client.query("ROLLBACK");
      }
    } catch (error) {
      if (error instanceof QueryRefused) throw error;
      throw problem(2, { code: "connection-lost", message: `the connection was lost: ${(error as Error).message}` });
    }
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}

async function connect(
  target: ConnectionTarget,
  password: (database: string) => Promise<string>,
  ssl: ClientConfig["ssl"],
): Promise<ReadOnlySession> {
  const client = new Client({
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    ssl,
    // Called only when the server asks for one.
    password: () => password(target.database),
    connectionTimeoutMillis: target.connectTimeoutMs,
    application_name: "rulewright assess",
    options: START_OPTIONS,
  });
  // A connection that breaks fails the query under way, which says so; without a listener it would end the process.
  client.on("error", () => {});
  await client.connect();
  return new ReadOnlySession(client);
}

function unreachable(target: ConnectionTarget, error: unknown): Problem {
  const { message, code } = error as Error & { code?: string };
  // A host with several addresses gives an AggregateError without words.
  const reason = message || code || String(error);
  return problem(2, {
    code: "connection-failed",
    message: `cannot connect to ${placeOfServer(target)}, database ${target.database}, as ${target.user}: ${reason}`,
  });
}
