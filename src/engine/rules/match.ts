/**
 * Rule matching of one session, on the logtest path (`OS_CheckIfRuleMatch`, `w_logtest_rulesmatching_phase`): depth
 * first, the first rule whose conditions hold and none of whose children match.
 */
import type { CompiledRule, CompiledRuleset } from "../compiled-ruleset.js";
import { OSSEC_ALERT } from "../decoders/decode.js";
import type { EngineEvent } from "../event.js";
import type { Decoder, Rule } from "../model.js";
import { isMet, lookAt } from "../text-index.js";
import { type Candidates, candidatesOf, NO_CHECK } from "./candidates.js";
import type { Answers } from "./checks.js";
import type { Search, SearchContext } from "./correlate.js";
import type { EventKind } from "./event-kind.js";
import { EventMemory } from "./event-list.js";
import { FirstTimeSeen } from "./fts.js";
import { LastOutputs } from "./last-outputs.js";

export class RulesPhase implements SearchContext {
  readonly memory: EventMemory;
  readonly #ruleset: CompiledRuleset;
  readonly #decoding: Pick<SearchContext, "typeOf">;
  readonly #fired: Uint32Array;
  /** When the rule's `ignore` time began; 0 when it does not run. */
  readonly #ignoredSince: Float64Array;
  readonly #answers: Answers;
  readonly #firstTimeSeen = new FirstTimeSeen();
  readonly #lastOutputs = new LastOutputs();

  constructor(ruleset: CompiledRuleset, decoding: Pick<SearchContext, "typeOf">) {
    this.#ruleset = ruleset;
    this.#decoding = decoding;
    this.memory = new EventMemory(ruleset.size, ruleset.ruleset.maxFrequency);
    this.#answers = ruleset.answers;
    this.#fired = new Uint32Array(ruleset.size);
    this.#ignoredSince = new Float64Array(ruleset.size);
  }

  typeOf(event: Pick<EngineEvent, "decoder">): number {
    return this.#decoding.typeOf(event);
  }

  /**
   * Sets the event's rule, and adds it to the memory when it counts for later events.
   * @returns the rule that was found
   */
  match(event: EngineEvent): CompiledRule | null {
    const type = this.typeOf(event);
    if (type === OSSEC_ALERT) return null;
    this.#answers.nextEvent();
    const kind = this.#ruleset.kinds.kindOf(event);
    kind.roots ??= candidatesOf(this.#ruleset.roots, kind, event, this.#ruleset.checks);
    const { nodes } = kind.roots;
    for (let root = 0; root < nodes.length; root++) {
      if (nodes[root]!.compiled.rule.category !== type) continue;
      const found = this.#matchNode(kind.roots, root, event, kind);
      if (found === null) continue;
      event.rule = found.rule;
      if (found.rule.level !== 0) this.accept(found, event);
      return found;
    }
    return null;
  }

  // What depends on earlier events, and what later ones depend on, is in the five methods that follow, and in nothing
  // else: a session that decides ahead of its state answers them otherwise.

  protected changed(rule: Rule, event: EngineEvent): boolean {
    return this.#lastOutputs.changed(rule, event);
  }

  protected isNew(event: EngineEvent, decoder: Decoder): boolean {
    return this.#firstTimeSeen.check(event, decoder, this.typeOf(event));
  }

  protected finds(search: Search, event: EngineEvent): boolean {
    return search.run(event, this);
  }

  protected fire(found: CompiledRule, event: EngineEvent): void {
    event.firedTimes = ++this.#fired[found.index]!;
  }

  /** How often the rule has fired. */
  firedOf({ index }: CompiledRule): number {
    return this.#fired[index]!;
  }

  /** The rule has fired so many times more. */
  addFired({ index }: CompiledRule, times: number): void {
    this.#fired[index]! += times;
  }

  /** Adds the event to the memory, unless its rule is to be ignored for now. */
  protected accept(found: CompiledRule, event: EngineEvent): void {
    if (this.#isIgnored(found, event)) return;
    this.memory.add(event, found.recorders);
    event.accepted = true;
  }

  #matchNode(siblings: Candidates, index: number, event: EngineEvent, kind: EventKind): CompiledRule | null {
    const { compiled, children } = siblings.nodes[index]!;
    if (!this.#holds(compiled, event)) return null;
    siblings.below[index] ??= candidatesOf(children, kind, event, this.#ruleset.checks);
    const below = siblings.below[index];
    const { firstChecks, places } = below;
    if (places !== null) lookAt(event.log);
    for (let child = 0; child < firstChecks.length; child++) {
      if (places !== null && !isMet(places, child)) continue;
      const first = firstChecks[child]!;
      if (first !== NO_CHECK && !this.#answers.holds(first, event)) continue;
      const found = this.#matchNode(below, child, event, kind);
      if (found !== null) return found;
    }
    if (compiled.rule.noAlert) return null;
    this.fire(compiled, event);
    return compiled;
  }

  /** In this order, because the last four leave traces even when a later one fails. */
  #holds(compiled: CompiledRule, event: EngineEvent): boolean {
    const { rule, conditions, lists, search } = compiled;
    const { checks } = conditions;
    const { decoder } = event;
    for (let at = 0; at < checks.length; at++) if (!this.#answers.holds(checks[at]!, event)) return false;
    if (rule.checkDiff && !this.changed(rule, event)) return false;
    if (rule.ifFts) {
      if (decoder === null || decoder.fts.length === 0) return false;
      if (!this.isNew(event, decoder)) return false;
    }
    for (let at = 0; at < lists.length; at++) if (!lists[at]!(event)) return false;
    if (search !== null && !this.finds(search, event)) {
      // What a parent has shown is lost too.
      if (event.lastEvents.length > 0) event.lastEvents = [];
      return false;
    }
    return true;
  }

  /** The rule's `ignore` attribute: it counts once, then not until so many seconds have passed. */
  #isIgnored({ rule, index }: CompiledRule, event: EngineEvent): boolean {
    if (rule.ignoreTime === 0) return false;
    if (this.#ignoredSince[index] === 0) {
      this.#ignoredSince[index] = event.time;
      return false;
    }
    if (event.time - this.#ignoredSince[index]! < rule.ignoreTime) return true;
    this.#ignoredSince[index] = 0;
    return false;
  }
}
