/**
 * What V8 is told of a command: it mostly reads thousands of rules once, and keeps them.
 *
 * - It compiles functions for speed after so many bytes of their code have run. Compiling what reads the rules costs more
 *   than it spares: up to a third of the CPU time of loading the stock ruleset, and a tenth of `rulewright test`, with
 *   2 cores and Node 20. What runs for minutes is compiled all the same.
 * - Its nursery begins at one megabyte and doubles now and then; until it has grown, what stays is copied again and again.
 *   To let it grow at once spares a thirtieth of `rulewright test`.
 * - It makes objects that it has often seen survive in its old space from then on. Here these are events that are remembered
 *   for a while, and of workers' blocks: each keeps the strings in it until the next full collection. One replay in three
 *   took a quarter more for that, and collections of workers five times as long.
 * - It puts what a function calls into it, up to so many bytes. A test is over before that has paid: with less, it takes a
 *   sixteenth less CPU time. A replay would take a twentieth more.
 */
import { setFlagsFromString } from "node:v8";

/** Of Node 20. Others decide otherwise when to compile, and were not measured. */
const MEASURED = "11";
/** Bytes; V8's own is 66 KB. */
const BUDGET = 400_000;
/** V8's own is 2. */
const GROWTH = 16;
/** Bytes; V8's own is 920. */
const INLINED_IN_TEST = 200;

setFlagsFromString("--no-allocation-site-pretenuring");
if (process.versions.v8.split(".", 1)[0] === MEASURED) {
  setFlagsFromString(`--interrupt-budget=${BUDGET}`);
  setFlagsFromString(`--semi-space-growth-factor=${GROWTH}`);
  if (isOneTest(process.argv)) setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${INLINED_IN_TEST}`);
}

function isOneTest([, , verb, ...options]: readonly string[]): boolean {
  return verb === "test" && !options.includes("--watch") && !options.includes("--mutation");
}
