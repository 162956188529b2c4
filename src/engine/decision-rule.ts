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
  /** This list and those that follow are the same for all events of a rule, and frozen. */
  groups: readonly string[];
  mitre?: readonly string[];
  mitre_tactic?: readonly string[];
  mitre_technique?: readonly string[];
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
    groups: Object.freeze(groups.map(show)),
    mitre: Object.freeze(mitre.ids.map(show)),
    tactics: Object.freeze(mitre.tactics.map(show)),
    techniques: Object.freeze(mitre.techniques.map(show)),
  }),
);

export function showRule({ event, description }: Processed, rule: Rule, show: Show): DecisionRule {
  const known = shownOf(rule, show);
  const filled = description === rule.description ? known.description : show(description ?? "");
  return new FiredRule(rule, known, filled, event.firedTimes);
}

/** A class, because V8 keeps the members of its objects in one place, however many of them there are. */
class FiredRule implements DecisionRule {
  readonly id: string;
  readonly level: number;
  readonly description: string;
  readonly groups: readonly string[];
  readonly firedtimes: number;
  readonly log_alert: boolean;
  readonly mail: boolean;
  readonly file: string;
  declare readonly mitre?: readonly string[];
  declare readonly mitre_tactic?: readonly string[];
  declare readonly mitre_technique?: readonly string[];
  declare readonly frequency?: number;
  declare readonly timeframe?: number;

  constructor({ level, correlation, options, where }: Rule, known: ShownRule, description: string, firedTimes: number) {
    this.id = known.id;
    this.level = level;
    this.description = description;
    this.groups = known.groups;
    this.firedtimes = firedTimes;
    this.log_alert = options.logAlert;
    this.mail = options.mail;
    this.file = where.file;
    if (known.mitre.length > 0) this.mitre = known.mitre;
    if (known.tactics.length > 0) this.mitre_tactic = known.tactics;
    if (known.techniques.length > 0) this.mitre_technique = known.techniques;
    if (correlation !== null) {
      this.frequency = correlation.frequency + 2;
      this.timeframe = correlation.timeframe;
    }
  }
}
