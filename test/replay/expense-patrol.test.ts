import { performance } from "node:perf_hooks";
import { expect, test } from "vitest";
import { createSession } from "../../src/engine/session.js";
import { ExpensePatrol } from "../../src/replay/expensive-patterns.js";
import { rulesetOf } from "../engine/rulesets.js";

/** Long work, without giving up: the reference leaves it to the matching machine. */
const SLOW = ";(\\w+\\s?)*x\\1$";
const RULES = `<rule id="100" level="5"><if_sid>1</if_sid><regex type="pcre2">${SLOW}</regex><description>slow</description></rule>`;
const LINE = `${`;${"a".repeat(12)} `.repeat(12)}yxz`;

test("a pattern that is slow is named, though its answer is remembered", () => {
  const ruleset = rulesetOf({ rules: RULES });
  const session = createSession(ruleset);
  const start = performance.now();
  session.run(LINE, "stdin", 1);
  const patrol = new ExpensePatrol(ruleset, (performance.now() - start) / 10);
  patrol.start();
  // As if it had been asked the first time.
  const { event } = createSession(rulesetOf({ rules: RULES })).run(LINE, "stdin", 1)!;
  patrol.after(7, event);
  expect(patrol.found()).toMatchObject([{ pattern: SLOW, line: 7, gaveUp: 0 }]);
});
