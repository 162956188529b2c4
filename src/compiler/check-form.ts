import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { PackNode, RuleNode } from "../ir/nodes.js";
import type { LocatedPolicy } from "../policy/site-policy.js";
import { fieldsMissingIn } from "../postgresql/form-fields.js";
import { LOG_FORMS, type LogForm } from "../postgresql/log-forms.js";
import { rulesOf } from "./rule-order.js";

/** Rules that the site's log form keeps silent: they test fields that it does not carry. One finding for those that lack the same. */
export function checkForm(pack: PackNode, { value: policy, locate }: LocatedPolicy): Diagnostic[] {
  const form = policy.postgresql.log_form;
  const silent = new Map<string, RuleNode[]>();
  for (const rule of rulesOf(pack)) {
    const fields = fieldsNotIn(form, rule).join(", ");
    if (fields !== "" && rule.level > 0) silent.set(fields, [...(silent.get(fields) ?? []), rule]);
  }
  return [...silent].map(([fields, rules]): Diagnostic => {
    const carriers = LOG_FORMS.filter((each) => fieldsNotIn(each, rules[0]!).length === 0);
    return {
      code: "field-not-in-form",
      severity: "warning",
      message: `log form ${form} does not carry ${fields}; silent therefore: ${rules.map(({ key }) => key).join(", ")}`,
      where: locate(["postgresql", "log_form"]),
      hint: `forms that do: ${carriers.join(", ")}`,
    };
  });
}

/** Fields that the rule, and what it stands on where there is one way only, tests and that the form does not carry. */
export function fieldsNotIn(form: LogForm, rule: RuleNode): string[] {
  const missing = fieldsMissingIn(form);
  return [...new Set(fieldsTested(rule))].filter((field) => missing.has(field)).sort();
}

function fieldsTested({ conditions, correlation, on }: RuleNode): string[] {
  const parents = on.flatMap((each) => (each.kind === "rule" ? [each] : []));
  const inherited = parents.map(fieldsTested);
  return [
    ...conditions.map(({ field }) => field),
    ...(correlation ? [...correlation.same, ...correlation.different, ...fieldsTested(correlation.of)] : []),
    // Any of several parents is enough.
    ...(inherited[0] ?? []).filter((field) => inherited.every((fields) => fields.includes(field))),
  ];
}
