import { toAlert } from "../../src/engine/alert.js";
import { createSession } from "../../src/engine/session.js";
import { packLines, packRuleset, stockLines, stockRuleset } from "./subjects.js";

const which = process.argv[2];
const t0 = process.cpuUsage();
const ruleset = which === "pack" ? await packRuleset() : stockRuleset(Number(process.argv[4] ?? 1));
const s0 = createSession(ruleset);
const t1 = process.cpuUsage(t0);
console.log("load", (t1.user + t1.system) / 1e6);
const lines = which === "pack" ? packLines() : stockLines();
const alerts = process.argv[3] === "alerts";
let n = 0;
for (let round = 0; round < 7; round++) {
  const session = round === 0 ? s0 : createSession(ruleset);
  const start = process.cpuUsage();
  let count = 0;
  const target = 40_260;
  while (count < target)
    for (const line of lines) {
      const d = session.process({ event: line, at: 1_700_000_000 + ((count / 1000) | 0) });
      if (alerts && d.alert) n += JSON.stringify(toAlert(d)).length;
      if (++count >= target) break;
    }
  const u = process.cpuUsage(start);
  console.log(round, Math.round(count / ((u.user + u.system) / 1e6)), "events/s");
}
console.log(n);
