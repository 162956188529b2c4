import { execa } from "execa";
import { expect, test } from "vitest";
import { VERBS } from "../../src/commands/verbs.js";

const run = (...args: string[]) =>
  execa("node", ["dist/bin/rulewright.js", ...args], { reject: false, env: { NO_COLOR: "1" } });
const oneLine = (text: string) => text.replace(/\s+/g, " ");

test("the list of verbs says of each what its own help says", async () => {
  const list = oneLine((await run("--help")).stdout);
  for (const { name, takes, description } of VERBS) {
    expect(list).toContain(oneLine(`${name} ${takes} ${description}`));
    const own = oneLine((await run(name, "--help")).stdout);
    expect(own, name).toContain(oneLine(`Usage: rulewright ${name} ${takes}`).trim());
    expect(own, name).toContain(description);
  }
}, 120_000);

test("a verb that is none is refused, with the one that was meant", async () => {
  const { exitCode, stderr } = await run("tset");
  expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/unknown command 'tset'\s+\(Did you mean test\?\)/)]);
});
