/**
 * V8 compiles functions for speed after so many bytes of their code have run. A command mostly reads thousands of rules
 * once, and compiling what reads them costs more than it spares: up to a third of the CPU time of loading the stock ruleset,
 * and a tenth of `rulewright test`, with 2 cores and Node 20. What runs for minutes is compiled all the same.
 */
import { setFlagsFromString } from "node:v8";

/** Of Node 20. Others decide otherwise when to compile, and were not measured. */
const MEASURED = "11";
/** Bytes; V8's own is 66 KB. */
const BUDGET = 400_000;

if (process.versions.v8.split(".", 1)[0] === MEASURED) setFlagsFromString(`--interrupt-budget=${BUDGET}`);
