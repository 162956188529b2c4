const cleanups = new Set<() => void>();
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let installed = false;

function runAll(): void {
  for (const cleanup of cleanups) {
    cleanups.delete(cleanup);
    try {
      cleanup();
    } catch {
      // The process is going away: the other cleanups matter more than this one's error.
    }
  }
}

function install(): void {
  installed = true;
  process.once("exit", runAll);
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      runAll();
      // This listener is gone by now, so the signal does what it would have done without us.
      process.kill(process.pid, signal);
    });
  }
}

/**
 * Registers a synchronous cleanup for the end of this process, by exit or by SIGINT, SIGTERM, SIGHUP.
 * Returns the function that takes it back.
 */
export function onProcessEnd(cleanup: () => void): () => void {
  if (!installed) install();
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
  };
}
