/** One finding, whoever made it: authoring check, ruleset reader, linter, fixture runner or policy check. */
export interface Diagnostic {
  /** Stable, kebab-case: `rule-duplicate-id`. */
  readonly code: string;
  readonly severity: "error" | "warning" | "info";
  /** Lower case, no full stop; holds the wrong value and says what to change. */
  readonly message: string;
  readonly where?: Where;
  readonly hint?: string;
  /** The real engine stops here too, but its test of a ruleset says nothing of it. */
  readonly unsaid?: true;
}

/** A place in a source file; line and column count from 1. */
export interface Where {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
