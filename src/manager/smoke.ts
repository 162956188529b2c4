/** The recorded lines that are asked of the manager itself, beside the embedded engine: in order, in one session each. */

import { toAlert } from "../engine/alert.js";
import type { Bytes } from "../engine/bytes.js";
import type { Decision } from "../engine/decision.js";
import type { Ruleset } from "../engine/model.js";
import { createSession, type Session } from "../engine/session.js";
import type { FixtureRun } from "../fixtures/run-fixtures.js";
import type { LogtestAnswer, LogtestSession } from "./target.js";

export interface AskedLine {
  readonly line: Bytes;
  readonly location: string;
  /** Case and form, or file and line number. */
  readonly about: string;
}

/** One line on which the manager and the embedded engine do not agree. */
export interface Difference {
  readonly asked: AskedLine;
  /** What differs: path of the member, the manager's value and ours. */
  readonly members: readonly { readonly name: string; readonly manager: string; readonly engine: string }[];
}

/** The form that is asked for where a case has it: the others tell the manager nothing new but their decoders. */
const PREFERRED = "jsonlog";

/**
 * A few cases in which every rule that fixtures expect fires at least once, and one of each form for its decoder. Found
 * greedily, so not always the fewest.
 */
export function smokeRuns(runs: readonly FixtureRun[]): FixtureRun[] {
  const expected = new Map(
    runs.map((run) => [run, [...new Set((run.case.expect_in?.[run.form] ?? run.case.expect).map(({ rule }) => rule))]]),
  );
  const left = new Set([...expected.values()].flat());
  const chosen = new Set<FixtureRun>();
  const inOrder = [...runs].sort((a, b) => Number(b.form === PREFERRED) - Number(a.form === PREFERRED));
  const gainOf = (run: FixtureRun) => expected.get(run)!.filter((rule) => left.has(rule)).length / run.events.length;
  while (left.size > 0) {
    const best = inOrder.reduce((a, b) => (gainOf(b) > gainOf(a) ? b : a));
    chosen.add(best);
    for (const rule of expected.get(best)!) left.delete(rule);
  }
  for (const form of new Set(runs.map((run) => run.form))) {
    if ([...chosen].some((run) => run.form === form)) continue;
    const first = runs.find((run) => run.form === form && expected.get(run)!.length > 0);
    if (first) chosen.add(first);
  }
  return [...chosen];
}

export function linesOf(run: FixtureRun): AskedLine[] {
  return run.events.map((line) => ({ line, location: run.form, about: `${run.useCase}: ${run.name} (${run.form})` }));
}

/** Asks both the same lines in the same order, with the same clock. */
export class Comparison {
  readonly #logtest: LogtestSession;
  readonly #session: Session;
  /** Everything the manager said beside its verdicts that is no mere information, once each. */
  readonly warnings = new Set<string>();
  events = 0;

  constructor(logtest: LogtestSession, ruleset: Ruleset, logAlertLevel?: number) {
    this.#logtest = logtest;
    this.#session = createSession(ruleset, { logAlertLevel });
  }

  /** Null: they agree. */
  async ask(asked: AskedLine): Promise<Difference | null> {
    const event = Buffer.from(asked.line, "latin1");
    const at = Date.now() / 1000;
    const answer = await this.#logtest.process({ event, location: asked.location });
    const decision = this.#session.process({ event, location: asked.location, at });
    this.events++;
    for (const message of warningsIn(answer)) this.warnings.add(message);
    const members = differences(answer, decision);
    return members.length > 0 ? { asked, members } : null;
  }
}

/** Messages of a manager begin with their level; the ones that only inform are left out. */
export function warningsIn({ messages }: LogtestAnswer): string[] {
  return messages.filter((message) => !/^\s*(?:INFO|DEBUG)\b/i.test(message));
}

/** What the manager adds of its own, or takes from its data base of techniques. */
const NOT_COMPARED = /^(?:timestamp|id|manager|agent|cluster|rule\.mitre|predecoder\.hostname)(?:\.|$)/;

function differences({ output, alert }: LogtestAnswer, decision: Decision): Difference["members"] {
  const manager = new Map<string, string>(output ? leaves(output) : [["event", "not processed"]]);
  const engine = new Map<string, string>(decision.error ? [["event", decision.error]] : leaves(toAlert(decision)));
  manager.set("alert", String(alert));
  engine.set("alert", String(decision.alert ?? false));
  const names = [...new Set([...manager.keys(), ...engine.keys()])].filter((name) => !NOT_COMPARED.test(name));
  return names
    .map((name) => ({ name, manager: manager.get(name) ?? "none", engine: engine.get(name) ?? "none" }))
    .filter((member) => member.manager !== member.engine)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The members of a document by their path; an array counts as one. */
function leaves(value: unknown, path = ""): [string, string][] {
  if (Array.isArray(value)) return [[path, JSON.stringify(value)]];
  if (typeof value !== "object" || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([name, member]) => leaves(member, path === "" ? name : `${path}.${name}`));
}
