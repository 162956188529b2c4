import type { Diagnostic } from "./diagnostic.js";

/** Ends a command: what is wrong has been collected, and is printed once by the command line. */
export class Problem extends Error {
  readonly diagnostics: readonly Diagnostic[];
  /** 1 findings, 2 input unreadable, 3 bad usage or configuration. */
  readonly exitCode: 1 | 2 | 3;

  constructor(exitCode: 1 | 2 | 3, diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((each) => each.message).join("\n"));
    this.name = "Problem";
    this.exitCode = exitCode;
    this.diagnostics = diagnostics;
  }
}

/** One diagnostic of severity error. */
export function problem(exitCode: 1 | 2 | 3, diagnostic: Omit<Diagnostic, "severity">): Problem {
  return new Problem(exitCode, [{ severity: "error", ...diagnostic }]);
}

/** A system error in words: `ENOENT` becomes "no such file or directory". */
export function systemReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Record<string, string> = {
    ENOENT: "no such file or directory",
    EACCES: "permission denied",
    EPERM: "operation not permitted",
    EISDIR: "it is a directory",
    ENOTDIR: "a part of the path is not a directory",
    ENOSPC: "no space left on the device",
    EROFS: "the file system is read-only",
  };
  return (code && words[code]) || message;
}
