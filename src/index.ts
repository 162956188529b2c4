/** `rulewright`: the authoring face. */
export { type Branch, branch, type Decoder, decoder, type Ordered } from "./authoring/decoder.js";
export { list } from "./authoring/list.js";
export { pack } from "./authoring/pack.js";
export { type NamedGroups, osmatch, osregex, type Pattern, pcre2 } from "./authoring/pattern.js";
export { type FieldsOf, listed, not, notListed, type Rule, rule, type Source, type Test } from "./authoring/rule.js";
export { SENSITIVE_RELATIONS } from "./authoring/sensitive.js";
export { useCase } from "./authoring/use-case.js";
export type { Diagnostic, Where } from "./diagnostics/diagnostic.js";
export type * from "./ir/nodes.js";
export type { Grant } from "./policy/grants.js";
