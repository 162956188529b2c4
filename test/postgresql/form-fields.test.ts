import { describe, expect, test } from "vitest";
import { createSession } from "../../src/engine/session.js";
import { readFixtures } from "../../src/fixtures/fixture-file.js";
import { fixtureRuns } from "../../src/fixtures/run-fixtures.js";
import { fieldsMissingIn } from "../../src/postgresql/form-fields.js";
import { LOG_FORMS, type LogForm } from "../../src/postgresql/log-forms.js";
import { readGenerated } from "../../src/replay/generated.js";

describe("fields that a log form does not carry", async () => {
  const { ruleset } = await readGenerated("generated");
  const runs = await fixtureRuns(await readFixtures("fixtures"));
  const session = createSession(ruleset);
  const filled = new Map(LOG_FORMS.map((form) => [form, new Set<string>()]));
  for (const { form, events } of runs.filter(({ form }) => filled.has(form as LogForm)))
    for (const event of events) {
      const { fields } = session.process({ event: Buffer.from(event, "latin1"), at: 0 });
      for (const field of Object.keys(fields ?? {})) filled.get(form as LogForm)!.add(field);
    }
  const all = filled.get("jsonlog")!;

  test.each(LOG_FORMS)("%s: what the table says is what real lines leave empty", (form) => {
    expect(all.size).toBeGreaterThan(18);
    const empty = [...all].filter((field) => !filled.get(form)!.has(field));
    expect(empty.sort()).toEqual([...fieldsMissingIn(form)].sort());
  });
});
