import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";

/** The PostgreSQL server programs of this machine. */
export interface Installation {
  /** The directory that holds postgres, initdb and psql. */
  readonly binaries: string;
  /** As the server names it: `15.18 (Debian 15.18-0+deb12u1)`. */
  readonly version: string;
  /** Whether the pgaudit library is installed for this server. */
  readonly pgaudit: boolean;
  /** Whether pgauditlogtofile's is. */
  readonly auditFile: boolean;
}

/** Why there is no usable server, in words and with what to do. */
export interface Missing {
  readonly missing: string;
}

/** The account that a server process runs under. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const NEEDED = ["postgres", "initdb", "psql"] as const;
const DEBIAN_ROOT = "/usr/lib/postgresql";

/**
 * Finds the server programs: the directory in RULEWRIGHT_PG_BIN (then no other is looked at), else the newest of
 * /usr/lib/postgresql (where Debian keeps them, off the PATH), else PATH.
 */
export async function detect(environment: NodeJS.ProcessEnv = process.env): Promise<Installation | Missing> {
  const named = environment.RULEWRIGHT_PG_BIN;
  const candidates = named ? [named] : [...debianDirectories(), ...(environment.PATH ?? "").split(delimiter)];
  const found = candidates.find(isComplete);
  if (found === undefined) {
    const where = named ? `RULEWRIGHT_PG_BIN (${named})` : `${DEBIAN_ROOT}/*/bin and PATH`;
    return { missing: `no ${NEEDED.join(", ")} in ${where}; install a PostgreSQL server or set RULEWRIGHT_PG_BIN` };
  }
  if (serverAccount() === null) {
    return {
      missing: "running as root and /etc/passwd has neither postgres nor nobody; postgres refuses to run as root",
    };
  }
  const binaries = dirname(realpathSync(join(found, "postgres")));
  const { stdout } = await execa(join(binaries, "postgres"), ["--version"]);
  const version = stdout.replace(/^postgres \(PostgreSQL\) /, "");
  const libraries = await libraryDirectory(binaries);
  const has = (library: string) => existsSync(join(libraries, library));
  return { binaries, version, pgaudit: has("pgaudit.so"), auditFile: has("pgauditlogtofile.so") };
}

/** The account for server processes: null when we are root and know no other, undefined for "as oneself". */
export function serverAccount(): Account | null | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const name of ["postgres", "nobody"]) {
    const account = accounts.find((fields) => fields[0] === name);
    if (account) return { uid: Number(account[2]), gid: Number(account[3]) };
  }
  return null;
}

function debianDirectories(): string[] {
  if (!existsSync(DEBIAN_ROOT)) return [];
  return readdirSync(DEBIAN_ROOT)
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(b) - Number(a))
    .map((name) => join(DEBIAN_ROOT, name, "bin"));
}

function isComplete(directory: string): boolean {
  return directory !== "" && NEEDED.every((program) => existsSync(join(directory, program)));
}

async function libraryDirectory(binaries: string): Promise<string> {
  // pg_config may be left out of a server-only install; then the library directory is where Debian puts it.
  const asked = await execa(join(binaries, "pg_config"), ["--pkglibdir"], { reject: false });
  return asked.exitCode === 0 ? asked.stdout.trim() : join(dirname(binaries), "lib");
}
