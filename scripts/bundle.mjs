// Puts the modules of the command line into a few files: to find and link 170 takes Node a tenth of a second.
import { chmod, rename, rm } from "node:fs/promises";
import { rolldown } from "rolldown";

const OUTPUT = "dist/bin";
/** A command that runs meanwhile finds all of the old ones, or all of the new. */
const FRESH = `${OUTPUT}.${process.pid}`;

const bundle = await rolldown({
  input: { rulewright: "src/cli.ts", worker: "src/replay/workers/worker.ts" },
  platform: "node",
  // Dependencies stay packages of their own.
  external: /^[^./]/,
});
await bundle.write({ dir: FRESH, entryFileNames: "[name].js", chunkFileNames: "[name].js", sourcemap: true });
await bundle.close();
// npm makes it so when it links the package, and not again when it is built anew.
await chmod(`${FRESH}/rulewright.js`, 0o755);
await rm(OUTPUT, { recursive: true, force: true });
await rename(FRESH, OUTPUT);
