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
  const known = shownOf(rule, show);
  const filled = description === rule.description ? known.description : show(description ?? "");
  return new FiredRule(rule, known, filled, event.firedTimes);
}

/** A class, because V8 keeps the members of its objects in one place, however many of them there are. */
class FiredRule implements DecisionRule {
  readonly id: string;
  readonly level: number;
  readonly description: string;
  readonly groups: string[];
  readonly firedtimes: number;
  readonly log_alert: boolean;
  readonly mail: boolean;
  readonly file: string;
  declare readonly mitre?: string[];
  declare readonly mitre_tactic?: string[];
  declare readonly mitre_technique?: string[];
  declare readonly frequency?: number;
  declare readonly timeframe?: number;

  constructor({ level, correlation, options, where }: Rule, known: ShownRule, description: string, firedTimes: number) {
    this.id = known.id;
    this.level = level;
    this.description = description;
    this.groups = known.groups.slice();
    this.firedtimes = firedTimes;
    this.log_alert = options.logAlert;
    this.mail = options.mail;
    this.file = where.file;
    if (known.mitre.length > 0) this.mitre = known.mitre.slice();
    if (known.tactics.length > 0) this.mitre_tactic = known.tactics.slice();
    if (known.techniques.length > 0) this.mitre_technique = known.techniques.slice();
    if (correlation !== null) {
      this.frequency = correlation.frequency + 2;
      this.timeframe = correlation.timeframe;
    }
  }
}
