import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { createSession } from "../../src/engine/session.js";
import { readGenerated } from "../../src/replay/generated.js";
import { loadRuleset } from "../../src/ruleset/load.js";

const JSON_DECODER = {
  name: "ruleset/decoders/0006-json.xml",
  text: '<decoder name="json"><prematch>^{\\s*"</prematch></decoder><decoder name="json_child"><parent>json</parent><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>',
};
/** What a program whose log is JSON could write to look like an audit record by its field names. */
const SPOOF = JSON.stringify({
  srcuser: "eve",
  pg: { audit: "SESSION", class: "ROLE", command: "DROP ROLE", statement: "x" },
});

describe("only PostgreSQL's own decoder feeds the rules", () => {
  test("fields of the same names from another decoder raise nothing", async () => {
    const { input } = await readGenerated("generated");
    const { ruleset } = loadRuleset({ ...input, decoders: [...input.decoders, JSON_DECODER] });
    const decision = createSession(ruleset!).process({ event: SPOOF, at: 1 });
    expect(decision.decoder?.name).toBe("json");
    expect(decision.fields?.["pg.command"]).toBe("DROP ROLE");
    expect(decision.rule).toBeNull();
  });

  test("without decoded_as they would", async () => {
    const { input } = await readGenerated("generated");
    const base = "generated/wazuh/rules/dam_000-base_rules.xml";
    const open = (await readFile(base, "utf8")).replace(/ *<decoded_as>postgresql<\/decoded_as>\n/, "");
    const rules = input.rules.map((file) => (file.name.includes("dam_000-") ? { ...file, text: open } : file));
    const { ruleset } = loadRuleset({ ...input, rules, decoders: [...input.decoders, JSON_DECODER] });
    expect(createSession(ruleset!).process({ event: SPOOF, at: 1 }).alert).toBe(true);
  });
});
