/** The embedded engine: decides as the analysis daemon of Wazuh 4.14.7 does on its logtest path. */
export { type Alert, type AlertOptions, toAlert, toAlertText } from "./engine/alert.js";
export type { Decision } from "./engine/decision.js";
export type { DecisionRule } from "./engine/decision-rule.js";
export type * from "./engine/model.js";
export { type CompileOptions, compileExpression, type PublicExpression as Expression } from "./engine/regex/compile.js";
export { type Dialect, ExpressionError } from "./engine/regex/expression.js";
export { createSession, type EventInput, type Session, type SessionOptions } from "./engine/session.js";
export {
  type ListFile,
  type LoadConfiguration,
  type LoadResult,
  loadRuleset,
  type RulesetInput,
  type SourceFile,
} from "./ruleset/load.js";
