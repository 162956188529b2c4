/** What a decision says of the rule. */
import type { Rule } from "./model.js";
import type { Processed } from "./session.js";
import { onceForEach, type Show } from "./show.js";

export interface DecisionRule {
  /** Decimal. */
  id: string;
  level: number;
  /** With fields filled in. */
  description: string;
  groups: string[];
  mitre?: string[];
  mitre_tactic?: string[];
  mitre_technique?: string[];
  /** How often it fired in the session. */
  firedtimes: number;
  /** Composite rules: as written, and in seconds. */
  frequency?: number;
  timeframe?: number;
  log_alert: boolean;
  mail: boolean;
  file: string;
}

/** What is the same each time it fires. */
interface ShownRule {
  readonly id: string;
  /** As long as it has no fields to fill in. */
  readonly description: string;
  readonly groups: readonly string[];
  readonly mitre: readonly string[];
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
}

const shownOf = onceForEach(
  ({ id, description, groups, mitre }: Rule, show): ShownRule => ({
    id: String(id),
    description: show(description),
    groups: groups.map(show),
    mitre: mitre.ids.map(show),
    tactics: mitre.tactics.map(show),
    techniques: mitre.techniques.map(show),
  }),
);

export function showRule({ event, description }: Processed, rule: Rule, show: Show): DecisionRule {
  const { correlation, options } = rule;
  const known = shownOf(rule, show);
  const shown: DecisionRule = {
    id: known.id,
    level: rule.level,
    description: description === rule.description ? known.description : show(description ?? ""),
    groups: known.groups.slice(),
    firedtimes: event.firedTimes,
    log_alert: options.logAlert,
    mail: options.mail,
    file: rule.where.file,
  };
  if (known.mitre.length > 0) shown.mitre = known.mitre.slice();
  if (known.tactics.length > 0) shown.mitre_tactic = known.tactics.slice();
  if (known.techniques.length > 0) shown.mitre_technique = known.techniques.slice();
  if (correlation !== null) {
    shown.frequency = correlation.frequency + 2;
    shown.timeframe = correlation.timeframe;
  }
  return shown;
}
