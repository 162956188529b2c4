/**
 * One measurement in a process of its own, started by main.js: its name, and what belongs to it, come as arguments; the
 * numbers go to file descriptor 3.
 */
import "../../src/commands/v8-flags.js";
import { writeSync } from "node:fs";
import { createSession } from "../../src/engine/session.js";
import { measureStages } from "./stages.js";
import { packLines, packRuleset, stockLines, stockRuleset } from "./subjects.js";
import { measureNow, measureThroughput, type Work } from "./throughput.js";

export type Numbers = Readonly<Record<string, number>>;

const RESULT = 3;
const tell = (numbers: Numbers) => writeSync(RESULT, JSON.stringify(numbers));
/** Seconds of CPU, and on the clock. */
async function measured(work: () => unknown): Promise<Numbers> {
  const cpu = process.cpuUsage();
  const wall = performance.now();
  await work();
  const used = process.cpuUsage(cpu);
  return { cpu: (used.user + used.system) / 1e6, wall: (performance.now() - wall) / 1000 };
}

const [task, ...args] = process.argv.slice(2);

switch (task) {
  case "stock": {
    const [work, events, copies] = args as [Work, string, string];
    tell({ ...measureThroughput(stockRuleset(Number(copies)), stockLines(), work, Number(events)) });
    break;
  }
  case "pack": {
    const [work, events] = args as [Work, string];
    tell({ ...measureThroughput(await packRuleset(), packLines(), work, Number(events)) });
    break;
  }
  case "cold": {
    const [events] = args as [string];
    tell({ ...measureNow(stockRuleset(), stockLines(), "decision", Number(events)) });
    break;
  }
  case "load":
    tell(await measured(() => createSession(stockRuleset())));
    break;
  case "test-again": {
    // As --watch does after a change: everything is read and loaded anew.
    const { testPack } = await import("./test-again.js");
    for (let run = 0; run < Number(args[0]); run++) await testPack();
    tell(await measured(testPack));
    break;
  }
  case "stages":
    tell(
      args[0] === "stock"
        ? measureStages(stockRuleset(), stockLines())
        : measureStages(await packRuleset(), packLines()),
    );
    break;
}
