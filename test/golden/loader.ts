/** Recorded verdicts on malformed and edge-case rulesets: does it load, with what class of message, what survived. */
import { join } from "node:path";
import { Session } from "../../src/engine/session.js";
import { loadRuleset } from "../../src/ruleset/load.js";
import { compareDecision } from "./compare-decision.js";
import { readGolden, type SetResult } from "./golden-file.js";
import { ownRuleset } from "./stock.js";

interface LoaderCase {
  readonly name: string;
  readonly decoders: Record<string, string>;
  readonly rules: Record<string, string>;
  readonly lists: Record<string, string>;
  readonly ok: boolean;
  readonly loader_messages: readonly { level: "ERROR" | "WARNING" }[];
  readonly probes: readonly { event: string; location: string; at: number; result: Record<string, unknown> }[];
}

/** The real engine forgets earlier messages of a load, so an error in front of so many warnings is not in the recording. */
const MESSAGES_KEPT = 50;

/** A row is one event, or the question how the ruleset loads. */
export async function compareLoader(golden: string): Promise<SetResult> {
  const differences: SetResult["differences"] = [];
  let rows = 0;
  for await (const row of readGolden(join(golden, "loader.ndjson"))) {
    const loaderCase = row as unknown as LoaderCase;
    rows += 1 + (loaderCase.ok ? loaderCase.probes.length : 0);
    differences.push(...compareCase(loaderCase));
  }
  return { name: "loader", rows, differences };
}

function compareCase({ name, decoders, rules, lists, ...recorded }: LoaderCase): SetResult["differences"] {
  const { ruleset, diagnostics } = loadRuleset(
    ownRuleset({ decoders: raw(decoders), rules: raw(rules), lists: raw(lists) }),
  );
  const loads = (ok: boolean, severities: readonly string[]) => ({
    ok,
    error: severities.includes("error"),
    // Where the load stops decides which warnings came before, so they count only when it did not.
    warning: ok && severities.includes("warning"),
  });
  const expected = loads(
    recorded.ok,
    recorded.loader_messages.map((message) => message.level.toLowerCase()),
  );
  const actual = loads(
    ruleset !== null,
    diagnostics
      .filter(({ unsaid }) => !unsaid)
      .map(({ severity }) => severity)
      .slice(-MESSAGES_KEPT),
  );
  if (JSON.stringify(expected) !== JSON.stringify(actual)) {
    return [
      { row: name, expected: { ...expected, messages: recorded.loader_messages }, actual: { ...actual, diagnostics } },
    ];
  }
  if (ruleset === null) return [];
  const session = new Session(ruleset, { hostname: "golden-mgr" });
  const differences: SetResult["differences"] = [];
  recorded.probes.forEach(({ event, location, at, result }, i) => {
    const found = compareDecision(result, session.run(event, location, at));
    if (found !== null) differences.push({ row: `${name} event ${i}: ${event}`, ...found });
  });
  return differences;
}

function raw(files: Record<string, string>): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text, "latin1")]));
}
