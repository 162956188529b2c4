/**
 * The command line in a process of its own, from its start: what a user waits for. The numbers go to file descriptor 3.
 * Nothing else is loaded.
 */
import { writeSync } from "node:fs";

const RESULT = 3;

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const rss = process.resourceUsage().maxRSS / 1024;
  const numbers = { cpu: (user + system) / 1e6, wall: performance.now() / 1000, rss };
  writeSync(RESULT, JSON.stringify(numbers));
});
await import(new URL("../../bin/rulewright.js", import.meta.url).href);
