/** Rules that an event of a kind can match, out of some siblings. */
import type { CompiledNode, CompiledRule } from "../compiled-ruleset.js";
import type { EngineEvent } from "../event.js";
import { inRow, type PlacesRow } from "../text-index.js";
import { Checks } from "./checks.js";
import type { EventKind } from "./event-kind.js";

/** No condition. */
export const NO_CHECK = -1;

/** A row pays when it was used this often; of some sources nearly every event is of a kind of its own. */
const ASKED_OFTEN = 8;

export class Candidates {
  /** In order. */
  readonly nodes: readonly CompiledNode[];
  /** The first condition of each, or NO_CHECK; most fail it. */
  readonly firstChecks: Int32Array;
  /** Those below each, once they were asked for. */
  readonly below: (Candidates | null)[];
  readonly #checks: Checks;
  #asked = 0;
  #places: PlacesRow | null = null;

  constructor(nodes: readonly CompiledNode[], checks: Checks) {
    this.nodes = nodes;
    this.firstChecks = Int32Array.from(nodes, ({ compiled }) => compiled.conditions.checks[0] ?? NO_CHECK);
    this.below = nodes.map(() => null);
    this.#checks = checks;
  }

  /** What the first condition of each asks of the log; null where none asks, and as long as it would not pay. */
  get places(): PlacesRow | null {
    if (this.#asked < ASKED_OFTEN && ++this.#asked === ASKED_OFTEN) this.#places = this.#row();
    return this.#places;
  }

  #row(): PlacesRow | null {
    const places = Array.from(this.firstChecks, (check) => (check === NO_CHECK ? null : this.#checks.places(check)));
    return places.every((each) => each === null) ? null : inRow(places);
  }
}

/** Most rules have none below them. */
const NONE = new Candidates([], new Checks());

/** @param event one of the kind */
export function candidatesOf(
  siblings: readonly CompiledNode[],
  kind: EventKind,
  event: EngineEvent,
  checks: Checks,
): Candidates {
  if (siblings.length === 0) return NONE;
  return new Candidates(
    siblings.filter(({ compiled }) => canMatch(compiled, kind, event)),
    checks,
  );
}

function canMatch({ rule, conditions }: CompiledRule, kind: EventKind, event: EngineEvent): boolean {
  if (rule.decodedAs !== 0 && rule.decodedAs !== kind.decoderId) return false;
  return (
    conditions.places.every((place) => kind.fields.has(place)) &&
    conditions.statics.every((set) => (kind.statics & set) !== 0) &&
    conditions.programTests.every((test) => test(event))
  );
}
