import { describe, expect, test } from "vitest";
import { createSession } from "../../src/engine/session.js";
import { printerFor } from "../../src/replay/printer.js";
import { rulesetOf } from "../engine/rulesets.js";

const ruleset = rulesetOf({
  decoders: `
    <decoder name="t"><prematch>^T </prematch></decoder>
    <decoder name="t"><parent>t</parent><regex>v=(\\S+)</regex><order>firedtimes</order></decoder>
    <decoder name="j"><prematch>^{</prematch><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>`,
  rules: `
    <rule id="100" level="5"><if_sid>1</if_sid><match>plain</match><description>ä € $(firedtimes)</description></rule>
    <rule id="101" level="5"><if_sid>1</if_sid><match>uncounted</match><options>no_counter</options><description>u</description></rule>
    <rule id="102" level="5"><if_sid>1</if_sid><match>check</match><description>c</description><group>rootcheck,</group></rule>
    <rule id="103" level="2"><if_sid>1</if_sid><match>quiet</match><description>q</description><mitre><id>T1</id></mitre></rule>`,
});

const LOGS = [
  "T plain v=1",
  'T plain v="firedtimes":1,',
  "plain ä €",
  '{"firedtimes": 1, "x": "plain"}',
  '{"firedtimes": 1, "x": "uncounted"}',
  "check {PCI_DSS: 1.2}",
  "check {FIREDTIMES: 1}",
  "quiet",
];

describe.each([["decisions"], ["alerts"]] as const)("the count in a line of %s", (output) => {
  const printer = printerFor(output, "manager")!;

  test.each(LOGS)("can be put in later: %s", (event) => {
    // The second time what was learned from the first one counts.
    for (const firedTimes of [1, 12]) {
      const processed = createSession(ruleset).run(event, "stdin", 0)!;
      processed.event.firedTimes = firedTimes;
      const line = printer.print(processed);
      if (line === null) continue;
      const at = printer.countAt(line, processed);
      processed.event.firedTimes = 345;
      const later = at === -1 ? line : `${line.slice(0, at)}345${line.slice(at + String(firedTimes).length)}`;
      expect(later).toBe(printer.print(processed));
    }
  });

  test("is nowhere where no rule is found", () => {
    const processed = createSession(ruleset).run('{"firedtimes": 1}', "stdin", 0)!;
    const line = printer.print(processed);
    expect([processed.event.rule, line === null ? -1 : printer.countAt(line, processed)]).toEqual([null, -1]);
  });
});
