import { describe, expect, test } from "vitest";
import dam from "../../rulesets/pack.js";
import { rulesOf } from "../../src/compiler/rule-order.js";
import { FACTS } from "../../src/detections/facts.js";
import { detectionsMarkdown } from "../../src/detections/markdown.js";
import { readFixtures } from "../../src/fixtures/fixture-file.js";
import { LOG_FORMS } from "../../src/postgresql/log-forms.js";

describe("docs/detections.md", async () => {
  const fixtures = await readFixtures("fixtures");
  const text = detectionsMarkdown(dam, fixtures);

  test("misses no use case, no rule, no case, no form", () => {
    for (const { title, group, rules } of dam.useCases) {
      const section = text.slice(text.indexOf(`\n## ${title}\n`)).split("\n## ")[1] ?? "";
      expect(section, title).toContain(`\`${group}\``);
      for (const { key, level } of rules) expect(section).toContain(`| \`${key}\` | ${level} |`);
    }
    for (const { fixture } of fixtures.filter(({ fixture }) =>
      dam.useCases.some(({ key }) => key === fixture.use_case),
    ))
      for (const { name, as } of fixture.cases) expect(text).toContain(`| ${name} (${as}): `);
    for (const form of LOG_FORMS.filter((form) => form !== "jsonlog")) expect(text, form).toContain(form);
  });

  test("names rules and fixtures that are there", () => {
    const keys = rulesOf(dam).map(({ key }) => key);
    const cases = fixtures.flatMap(({ fixture }) => fixture.cases.map(({ name }) => `${fixture.use_case}: ${name}`));
    for (const { answer, fixture, by } of FACTS) {
      if (fixture) expect(cases).toContain(fixture);
      if (by === "rule") expect(keys.some((key) => answer.includes(key) || answer.includes("-attempted"))).toBe(true);
    }
  });

  test("gives a reason where a preset or a form tells nothing", () => {
    for (const [, cell] of text.matchAll(/\| (nothing[^|]*) \|/g)) expect(cell).toMatch(/^nothing(: .+|)$/);
    expect(text).toContain("READ not logged of everybody");
    expect(text).toContain("no pg.failed in this form");
  });
});
