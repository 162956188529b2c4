/** Small rulesets for the tests. */
import type { Ruleset } from "../../src/engine/model.js";
import { createSession, type Decision, loadRuleset } from "../../src/engine.js";

export interface Texts {
  readonly decoders?: string;
  readonly rules?: string;
  readonly lists?: Readonly<Record<string, string>>;
}

/** The engine refuses to load without a decoder of each kind. */
const BOTH_KINDS = `
<decoder name="some-program"><program_name>^some-program$</program_name></decoder>
<decoder name="some-line"><prematch>^some-line:</prematch></decoder>`;

/** Parent of a test's rules; silent itself. */
const ROOT = '<rule id="1" level="0" noalert="1"><description>root</description></rule>';

export function rulesetOf({ decoders = "", rules = "", lists = {} }: Texts): Ruleset {
  const { ruleset, diagnostics } = loadRuleset({
    decoders: [{ name: "etc/decoders/a.xml", text: decoders + BOTH_KINDS }],
    rules: [{ name: "etc/rules/a.xml", text: `<group name="test,">${ROOT}${rules}</group>` }],
    lists: Object.entries(lists).map(([name, text]) => ({ name: `etc/lists/${name}`, text })),
  });
  if (ruleset === null || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  return ruleset;
}

/** Decisions on lines of one session, `[line, at?, location?]`. */
export function decide(texts: Texts, ...events: [event: string, at?: number, location?: string][]): Decision[] {
  const session = createSession(rulesetOf(texts), { hostname: "mgr" });
  return events.map(([event, at, location]) => session.process({ event, at, location }));
}

export function ruleIds(decisions: readonly Decision[]): (string | null)[] {
  return decisions.map((decision) => decision.rule?.id ?? null);
}
