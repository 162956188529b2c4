import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { Machine } from "../../../src/engine/regex/pcre2/machine.js";
import { compileProgram } from "../../../src/engine/regex/pcre2/program.js";
import { search } from "../../../src/engine/regex/pcre2/search.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Megabytes that are still in use. */
function heldByBuffers(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers / 2 ** 20;
}

test("machines share one stack, and keep none that has grown large", () => {
  const subject = `${"ab".repeat(30_000)}z`;
  const before = heldByBuffers();
  const machines = Array.from({ length: 6 }, (_, each) => {
    const program = compileProgram(`(*LIMIT_MATCH=250000)^(?:(a)|(b)|(c${each}))*(?:(a)|(b)|(c${each}))*?;?z\\d`);
    const machine = new Machine(program);
    expect(search(program, machine, subject)).toBe(false);
    return machine;
  });
  // Of each alone some 34 MB.
  expect(heldByBuffers() - before).toBeLessThan(80);
  expect(machines).toHaveLength(6);
});
