/** `rulewright/manager`: what a manager has installed. Deployment is to come. */
export type { Diagnostic } from "./diagnostics/diagnostic.js";
export { type DirectoryOptions, type RulesetDirectory, readRulesetDirectory } from "./ruleset/directory.js";
