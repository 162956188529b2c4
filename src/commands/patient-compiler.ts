/**
 * Node compiles functions for speed after so many bytes of their code have run. A command mostly reads thousands of rules
 * once, and compiling what reads them costs more than it spares: a third of the CPU time of loading the stock ruleset,
 * and a tenth of `rulewright test`, with 2 cores and Node 20. What runs for minutes is compiled all the same.
 */
import { setFlagsFromString } from "node:v8";

/** Bytes; V8's own is 132 KB. */
const BUDGET = 400_000;

setFlagsFromString(`--interrupt-budget=${BUDGET}`);
