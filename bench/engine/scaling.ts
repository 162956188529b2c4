/** How much more two cores do than one: by the workers of one replay, and by two replays that know nothing of each other. */
import { runCommand } from "./child.js";
import { withLog } from "./logs.js";
import type { Sample, Sizes } from "./sample.js";
import type { Numbers } from "./task.js";

/** Replays a log, and says how long that took; options are those of the ruleset. */
type Way = (file: string, options: readonly string[]) => Promise<Numbers>;

const replay = (file: string, options: readonly string[], workers: number) =>
  runCommand(["replay", ...options, "--output", "decisions", "--workers", String(workers), file]);

const oneWorker: Way = (file, options) => replay(file, options, 1);

/** Of one log. */
export const twoWorkers: Way = (file, options) => replay(file, options, 2);

/** Of half the log each, as it were: each takes all of it. No workers can be expected to do more than two processes do. */
export const twoReplays: Way = async (file, options) => {
  const [a, b] = await Promise.all([oneWorker(file, options), oneWorker(file, options)]);
  return { cpu: (a.cpu! + b.cpu!) / 2, wall: Math.max(a.wall!, b.wall!) / 2 };
};

/** How much longer one worker takes than `way` for the same lines, both without their start and the first quarter. */
export const againstOne =
  (way: Way, lines: () => Buffer[], ...options: string[]) =>
  ({ workersLog }: Sizes): Promise<Sample> =>
    withLog(lines(), workersLog, (log) =>
      withLog(lines(), workersLog / 4, async (quarter) => {
        const afterQuarter = async (go: Way) => {
          const start = await go(quarter.file, options);
          const all = await go(log.file, options);
          return { cpu: all.cpu! - start.cpu!, wall: all.wall! - start.wall! };
        };
        const one = await afterQuarter(oneWorker);
        const two = await afterQuarter(way);
        return { value: one.wall / two.wall, ...two };
      }),
    );
