import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Linux counts a process's CPU time in units of 1/100 s whatever the kernel's own tick (proc(5), `sysconf(_SC_CLK_TCK)`). */
const TICKS_PER_SECOND = 100;

/**
 * CPU seconds that a server has used since its start, in user and system mode: its parent process, the sessions that have
 * ended (the parent waits for them), and the processes that run now, the log's writer among them.
 */
export function cpuSeconds(serverPid: number): number {
  let ticks = 0;
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const fields = statFields(entry);
    if (!fields) continue;
    const [parent, user = 0, system = 0, endedUser = 0, endedSystem = 0] = [1, 11, 12, 13, 14].map((at) =>
      Number(fields[at]),
    );
    if (Number(entry) === serverPid) ticks += user + system + endedUser + endedSystem;
    else if (parent === serverPid) ticks += user + system;
  }
  return ticks / TICKS_PER_SECOND;
}

/** The fields of `/proc/PID/stat` behind the command's name, which may hold blanks and brackets; null when it is gone. */
function statFields(pid: string): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

/** Bytes in the server's log files. */
export function logBytes(dataDirectory: string): number {
  const directory = join(dataDirectory, "log");
  return readdirSync(directory).reduce((sum, file) => sum + statSync(join(directory, file)).size, 0);
}
