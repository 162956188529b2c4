import { existsSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import type { ConnectionOptions } from "node:tls";
import { problem, systemReason } from "../../diagnostics/problem.js";

/** Where the server is, as libpq would find it; it holds no password. */
export interface ConnectionTarget {
  /** Host name, address, or the directory of a socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly tls: Tls;
  readonly connectTimeoutMs: number;
}

/** `fallBack`: without TLS where the server has none, as libpq's default `prefer`. */
export interface Tls {
  readonly options: ConnectionOptions | false;
  readonly fallBack: boolean;
}

/** Parameters of a connection URI, and the environment variable that stands in for each. */
const PARAMETERS = {
  host: "PGHOST",
  port: "PGPORT",
  user: "PGUSER",
  dbname: "PGDATABASE",
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
  connect_timeout: "PGCONNECT_TIMEOUT",
} as const;

type Parameter = keyof typeof PARAMETERS;
type Parameters = Readonly<Partial<Record<Parameter, string>>>;

const SOCKET_DIRECTORIES = ["/var/run/postgresql", "/tmp"];
const DEFAULT_TIMEOUT_SECONDS = 10;
const PASSWORD_HINT = "put it into PGPASSWORD or ~/.pgpass, or type it when asked";

/** Reads a connection URI over the PG* variables over libpq's defaults. Throws a Problem of exit code 3. */
export function connectionTarget(
  uri: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): ConnectionTarget {
  const given = uri === undefined ? {} : fromUri(uri);
  const value = (name: Parameter) => given[name] || environment[PARAMETERS[name]] || undefined;
  const port = numeric("port", value("port") ?? "5432");
  const host =
    value("host") ?? SOCKET_DIRECTORIES.find((each) => existsSync(`${each}/.s.PGSQL.${port}`)) ?? "localhost";
  const user = value("user") ?? userInfo().username;
  const seconds = numeric("connect_timeout", value("connect_timeout") ?? String(DEFAULT_TIMEOUT_SECONDS));
  return {
    host,
    port,
    user,
    database: value("dbname") ?? user,
    tls: host.startsWith("/") ? { options: false, fallBack: false } : tlsOf(value),
    connectTimeoutMs: (seconds || DEFAULT_TIMEOUT_SECONDS) * 1000,
  };
}

/** `host:port` or `socket directory:port`, for messages. */
export function placeOfServer({ host, port }: ConnectionTarget): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function fromUri(text: string): Parameters {
  if (!/^postgres(?:ql)?:\/\//.test(text)) {
    // A connection string of the other kind may hold a password: it is not repeated.
    throw usage(
      "connection-uri",
      "the connection is no URI",
      "as in postgresql://user@host:5432/database?sslmode=verify-full",
    );
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw usage("connection-uri", "the connection URI cannot be read", "one host, and special characters as %xx");
  }
  if (url.password !== "" || url.searchParams.has("password"))
    throw usage(
      "password-on-command-line",
      "a password on the command line is seen by everybody on this machine",
      PASSWORD_HINT,
    );
  const parts: Partial<Record<Parameter, string>> = {
    host: decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, "$1"),
    port: url.port,
    user: decodeURIComponent(url.username),
    dbname: decodeURIComponent(url.pathname.slice(1)),
  };
  for (const [name, value] of url.searchParams) {
    if (!Object.hasOwn(PARAMETERS, name))
      throw usage(
        "connection-parameter",
        `the connection URI has the parameter ${JSON.stringify(name)}`,
        `known: ${Object.keys(PARAMETERS).join(", ")}`,
      );
    parts[name as Parameter] = value;
  }
  return parts;
}

function tlsOf(value: (name: Parameter) => string | undefined): Tls {
  const mode = value("sslmode") ?? "prefer";
  const [root, cert, key] = [value("sslrootcert"), value("sslcert"), value("sslkey")];
  const files: ConnectionOptions = {
    ...(root && root !== "system" && { ca: pemFile(root) }),
    ...(cert && { cert: pemFile(cert) }),
    ...(key && { key: pemFile(key) }),
  };
  switch (mode) {
    case "disable":
      return { options: false, fallBack: false };
    case "allow":
    case "prefer":
      return { options: { ...files, rejectUnauthorized: false }, fallBack: true };
    case "require":
      // As libpq: with a root certificate at hand the chain is verified.
      return { options: root ? withoutName(files) : { ...files, rejectUnauthorized: false }, fallBack: false };
    case "verify-ca":
      return { options: withoutName(files), fallBack: false };
    case "verify-full":
      return { options: files, fallBack: false };
    default:
      throw usage(
        "connection-sslmode",
        `sslmode is ${JSON.stringify(mode)}`,
        "one of: disable, allow, prefer, require, verify-ca, verify-full",
      );
  }
}

/** Who signed the certificate is verified, not for which name. */
function withoutName(options: ConnectionOptions): ConnectionOptions {
  return { ...options, checkServerIdentity: () => undefined };
}

function pemFile(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw usage("connection-certificate", `cannot read ${file}: ${systemReason(error)}`);
  }
}

function numeric(name: Parameter, text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw usage(`connection-${name.replace("_", "-")}`, `${name} is ${JSON.stringify(text)}`, "it must be a number");
}

function usage(code: string, message: string, hint?: string) {
  return problem(3, { code, message, ...(hint && { hint }) });
}
