/** The rows of the results: what each measures, how, and what it is to reach. */

import { runCommand, runTask } from "./child.js";
import type { MadeLog } from "./logs.js";
import { withLog } from "./logs.js";
import type { Sample, Sizes } from "./sample.js";
import { againstOne, twoReplays, twoWorkers } from "./scaling.js";
import { hasStock, packLines, STOCK, stockLines } from "./subjects.js";
import type { Numbers } from "./task.js";

export interface Row {
  readonly key: string;
  readonly what: string;
  readonly unit: "events/CPU s" | "CPU s" | "MB" | "times";
  readonly least: string;
  readonly aim: string;
  /** It needs the stock ruleset. */
  readonly stock: boolean;
  readonly measure: (sizes: Sizes) => Promise<Sample>;
}

const perCpu = ({ events, cpu, wall }: Numbers): Sample => ({ value: events! / cpu!, cpu: cpu!, wall: wall! });
const stock =
  (work: string, copies: number) =>
  async ({ events }: Sizes) =>
    perCpu(await runTask(["stock", work, String(events), String(copies)]));
const pack =
  (work: string) =>
  async ({ events }: Sizes) =>
    perCpu(await runTask(["pack", work, String(events)]));

const seconds = (numbers: () => Promise<Numbers>) => async (): Promise<Sample> => {
  const { cpu, wall } = await numbers();
  return { value: cpu!, cpu: cpu!, wall: wall! };
};

const replayOf = (log: MadeLog, ...args: string[]) => runCommand(["replay", ...args, log.file]);

export const ROWS: readonly Row[] = [
  {
    key: "decisions-stock",
    what: "decisions, stock ruleset",
    unit: "events/CPU s",
    least: "110,000",
    aim: "225,000",
    stock: true,
    measure: stock("decision", 1),
  },
  {
    key: "run-stock",
    what: "the same without making Decision objects, which the C engine does not either",
    unit: "events/CPU s",
    least: "110,000",
    aim: "225,000",
    stock: true,
    measure: stock("run", 1),
  },
  {
    key: "cold-stock",
    what: "decisions, stock ruleset, the first of a process",
    unit: "events/CPU s",
    least: "",
    aim: "",
    stock: true,
    measure: async ({ events }) => perCpu(await runTask(["cold", String(events / 2)])),
  },
  {
    key: "alerts-stock",
    what: "alerts as JSON, stock ruleset",
    unit: "events/CPU s",
    least: "90,000",
    aim: "180,000",
    stock: true,
    measure: stock("alert", 1),
  },
  {
    key: "decisions-pack",
    what: "decisions, DAM pack alone on real jsonlog",
    unit: "events/CPU s",
    least: "200,000",
    aim: "400,000",
    stock: false,
    measure: pack("decision"),
  },
  {
    key: "run-pack",
    what: "the same without making Decision objects",
    unit: "events/CPU s",
    least: "200,000",
    aim: "400,000",
    stock: false,
    measure: pack("run"),
  },
  {
    key: "load-stock",
    what: "read, load and compile the stock ruleset",
    unit: "CPU s",
    least: "0.7",
    aim: "0.3",
    stock: true,
    measure: seconds(() => runTask(["load"])),
  },
  {
    key: "test-pack",
    what: "`rulewright test` on the whole pack, process and all",
    unit: "CPU s",
    least: "1.5",
    aim: "0.5",
    stock: false,
    measure: seconds(() => runCommand(["test"])),
  },
  {
    key: "test-again",
    what: "the same in `rulewright test --watch` after a change, warm",
    unit: "CPU s",
    least: "1.5",
    aim: "0.5",
    stock: false,
    measure: seconds(() => runTask(["test-again", "2"])),
  },
  {
    key: "memory",
    what: "most memory of a replay",
    unit: "MB",
    least: "300",
    aim: "150",
    stock: false,
    measure: (sizes) =>
      withLog(packLines(), sizes.memoryLog, async (log) => {
        const { rss, cpu, wall } = await replayOf(log, "--output", "decisions");
        return { value: rss!, cpu: cpu!, wall: wall! };
      }),
  },
  ...[2, 4].map(
    (copies): Row => ({
      key: `decisions-stock-${copies}x`,
      what: `decisions, ${copies} times the stock rules`,
      unit: "events/CPU s",
      least: "",
      aim: "hardly less",
      stock: true,
      measure: stock("decision", copies),
    }),
  ),
  {
    key: "workers-stock",
    what: "two workers against one, stock ruleset",
    unit: "times",
    least: "1.8",
    aim: "2",
    stock: true,
    measure: againstOne(twoWorkers, stockLines, "--ruleset", STOCK),
  },
  {
    key: "cores-stock",
    what: "two separate replays at once against one: what the two cores give",
    unit: "times",
    least: "",
    aim: "",
    stock: true,
    measure: againstOne(twoReplays, stockLines, "--ruleset", STOCK),
  },
  {
    key: "workers-pack",
    what: "two workers against one, DAM pack",
    unit: "times",
    least: "1.8",
    aim: "2",
    stock: false,
    measure: againstOne(twoWorkers, packLines),
  },
  {
    key: "cores-pack",
    what: "two separate replays at once against one: what the two cores give",
    unit: "times",
    least: "",
    aim: "",
    stock: false,
    measure: againstOne(twoReplays, packLines),
  },
];

export const missing = (row: Row): boolean => row.stock && !hasStock();
