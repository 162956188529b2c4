import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa, type ResultPromise } from "execa";
import { onProcessEnd } from "./process-end.js";

/** Where syslog(3) of the C library sends its datagrams; it cannot be told another place. */
const SOCKET = "/dev/log";
const HOSTNAME = "db1";
const START_SECONDS = 10;

/** Why the syslog forms cannot be captured on this machine, in words; null when they can. */
export function syslogObstacle(): string | null {
  if (process.getuid?.() !== 0) return `only root can create ${SOCKET}, which syslog(3) writes to`;
  if (existsSync(SOCKET))
    return `${SOCKET} exists: this machine's own syslog, which is left alone, would get the lines`;
  if (findRsyslogd() === undefined) return "rsyslogd is not installed";
  return null;
}

function findRsyslogd(): string | undefined {
  const directories = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return directories.map((directory) => join(directory, "rsyslogd")).find((path) => existsSync(path));
}

/**
 * A real rsyslogd on /dev/log, for the time of a capture. It writes the lines of programs named `postgres` to two files,
 * one per format that rsyslog ships; escaping of control characters and sizes are its defaults.
 */
export class SyslogReceiver {
  /** RSYSLOG_FileFormat: `2026-11-22T15:10:00.163941+00:00 db1 postgres[7]: …`. */
  readonly rfc3339: string;
  /** RSYSLOG_TraditionalFileFormat: `Nov 22 15:10:00 db1 postgres[7]: …`. */
  readonly traditional: string;
  readonly #directory: string;
  readonly #daemon: ResultPromise;
  readonly #forget: () => void;

  /** Throws an Error with the reason when `syslogObstacle()` names one or the daemon does not start. */
  static async start(): Promise<SyslogReceiver> {
    const obstacle = syslogObstacle();
    if (obstacle !== null) throw new Error(obstacle);
    const receiver = new SyslogReceiver(findRsyslogd()!, mkdtempSync(join(tmpdir(), "rulewright-syslog-")));
    const deadline = performance.now() + START_SECONDS * 1000;
    while (!existsSync(SOCKET)) {
      if (performance.now() > deadline || receiver.#daemon.exitCode !== null) {
        await receiver.stop();
        throw new Error(`rsyslogd did not open ${SOCKET}: ${(await receiver.#daemon).stderr}`);
      }
      await sleep(10);
    }
    return receiver;
  }

  private constructor(program: string, directory: string) {
    this.#directory = directory;
    this.rfc3339 = join(directory, "rfc3339.log");
    this.traditional = join(directory, "traditional.log");
    const configuration = join(directory, "rsyslog.conf");
    writeFileSync(configuration, configurationFor(directory, this.rfc3339, this.traditional));
    this.#daemon = execa(program, ["-n", "-f", configuration, "-i", join(directory, "pid")], {
      env: { TZ: "UTC", LC_ALL: "C" },
      stdin: "ignore",
      reject: false,
      cleanup: false,
    });
    this.#forget = onProcessEnd(() => {
      this.#daemon.kill("SIGKILL");
      rmSync(SOCKET, { force: true });
      this.#remove();
    });
  }

  /** Ends the daemon and removes its socket and files. */
  async stop(): Promise<void> {
    this.#forget();
    this.#daemon.kill("SIGTERM");
    await this.#daemon;
    rmSync(SOCKET, { force: true });
    this.#remove();
  }

  #remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function configurationFor(directory: string, rfc3339: string, traditional: string): string {
  const toFile = (file: string, template: string) => `  action(type="omfile" file="${file}" template="${template}")`;
  return [
    `global(workDirectory="${directory}" localHostname="${HOSTNAME}")`,
    // The module's own default socket is off, because under systemd it would be the journal's.
    'module(load="imuxsock" SysSock.Use="off")',
    `input(type="imuxsock" Socket="${SOCKET}")`,
    'if $programname == "postgres" then {',
    toFile(rfc3339, "RSYSLOG_FileFormat"),
    toFile(traditional, "RSYSLOG_TraditionalFileFormat"),
    "}",
    "",
  ].join("\n");
}
