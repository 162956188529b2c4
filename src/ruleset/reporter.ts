import type { Diagnostic, Where } from "../diagnostics/diagnostic.js";
import type { Expression } from "../engine/regex/expression.js";

/** Thrown after its diagnostic was reported: the real engine would refuse the whole ruleset here. */
export class RulesetRefused extends Error {}

/** Collects what the loader finds, in order. */
export class Reporter {
  /** Compiled before, by dialect and pattern. */
  readonly expressions: Map<string, Expression>;

  constructor(expressions = new Map<string, Expression>()) {
    this.expressions = expressions;
  }

  readonly diagnostics: Diagnostic[] = [];

  error(code: string, message: string, where?: Where): void {
    this.diagnostics.push({ code, severity: "error", message, where });
  }

  warning(code: string, message: string, where?: Where): void {
    this.diagnostics.push({ code, severity: "warning", message, where });
  }

  /** Reports the error that makes the real engine refuse to start. */
  refuse(code: string, message: string, where?: Where): never {
    this.error(code, message, where);
    throw new RulesetRefused(message);
  }

  /** The same where the real engine refuses, and its test of a ruleset says nothing of it. */
  refuseUnsaid(code: string, message: string, where?: Where): never {
    this.diagnostics.push({ code, severity: "error", message, where, unsaid: true });
    throw new RulesetRefused(message);
  }
}
