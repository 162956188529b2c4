/** `rulewright/manager`: what a manager has installed, and deployments to it. */
export type { Diagnostic } from "./diagnostics/diagnostic.js";
export { Problem } from "./diagnostics/problem.js";
export { type BuildOutput, readBuildOutput } from "./manager/build-output.js";
export { readTargetConfig, type TargetConfig } from "./manager/deploy-config.js";
export { type DeployOptions, type DeployResult, deployBuild, rollBack } from "./manager/deployment/deploy.js";
export { type Drift, findDrift, isClean } from "./manager/drift.js";
export { type OpenTarget, openTarget } from "./manager/open-target.js";
export { piecesOfBuild } from "./manager/plan/desired.js";
export { makePlan, type Plan } from "./manager/plan/plan.js";
export type { Target } from "./manager/target.js";
export { type Verification, verify } from "./manager/verify.js";
export { type DirectoryOptions, type RulesetDirectory, readRulesetDirectory } from "./ruleset/directory.js";
