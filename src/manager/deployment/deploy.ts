/** Deploying a build and going back to an earlier deployment: the same run, with other pieces. */
import { Problem, problem } from "../../diagnostics/problem.js";
import type { FixtureRun } from "../../fixtures/run-fixtures.js";
import type { BuildOutput } from "../build-output.js";
import { piecesOfBuild, piecesOfRecord } from "../plan/desired.js";
import { changesSomething, goneNodes, makePlan, type Plan } from "../plan/plan.js";
import type { ReloadResult, Target } from "../target.js";
import { deploymentNumbers, keepDeployment, readDeployment } from "./history.js";
import { DeploymentLock, type LockTimes, whoAmI } from "./lock.js";
import type { DeploymentRecord } from "./record.js";
import { type RunOptions, recover, runDeployment } from "./run.js";
import { smokeCheck, warningsBefore } from "./smoke-check.js";

export interface DeployOptions extends RunOptions {
  /** Shows the plan to whoever decides; false ends it there. */
  readonly confirm: (plan: Plan) => Promise<boolean>;
  /** Cases for plan and preflight, and the fewer ones that the manager itself is asked. */
  readonly fixtures: readonly FixtureRun[];
  readonly smoke: readonly FixtureRun[];
  readonly keys: ReadonlyMap<number, string>;
  readonly lockTimes?: LockTimes;
}

export type DeployResult =
  | { readonly state: "deployed"; readonly number: number; readonly plan: Plan; readonly reload: ReloadResult }
  /** All was in place; `number` is the deployment that says so. */
  | { readonly state: "unchanged"; readonly number: number; readonly plan: Plan }
  | { readonly state: "declined"; readonly plan: Plan };

export function deployBuild(
  target: Target,
  build: BuildOutput,
  agentGroup: string | null,
  options: DeployOptions,
): Promise<DeployResult> {
  return locked(target, options, (lock) =>
    put(target, lock, options, {
      wanted: (facts) => piecesOfBuild(target, facts, build, agentGroup),
      source: { build: build.id, pack: build.manifest.pack },
      rules: build.manifest.rules.map(({ id, key, level }) => ({ id, key, level })),
    }),
  );
}

/**
 * Back to deployment `number`; default: the one before the last. It becomes a new deployment with the old content. The
 * fixtures tell what changes; they do not forbid it, because they are of the newer rules.
 */
export function rollBack(target: Target, number: number | null, options: DeployOptions): Promise<DeployResult> {
  return locked(target, options, async (lock) => {
    const numbers = await deploymentNumbers(target.state);
    const wanted = number ?? numbers.at(-2);
    if (wanted === undefined)
      throw problem(3, {
        code: "deployment-unknown",
        message: `there is no deployment before the last on ${target.place}`,
        hint: "rulewright rollback --list shows what is kept",
      });
    const record = await readDeployment(target.state, wanted);
    return put(target, lock, options, {
      wanted: async (facts) => piecesOfRecord(facts, record),
      source: { rollbackTo: record.number },
      rules: record.rules,
    });
  });
}

async function locked<T>(
  target: Target,
  options: DeployOptions,
  task: (lock: DeploymentLock) => Promise<T>,
): Promise<T> {
  const lock = await DeploymentLock.acquire(target.state, options.lockTimes);
  try {
    await recover(target, lock, options);
    return await task(lock);
  } finally {
    await lock.release().catch(() => options.tell("the lock could not be released: the next run takes it over"));
  }
}

interface What extends Pick<DeploymentRecord, "source" | "rules"> {
  readonly wanted: Parameters<typeof makePlan>[0]["wanted"];
}

async function put(target: Target, lock: DeploymentLock, options: DeployOptions, what: What): Promise<DeployResult> {
  const { tell, fixtures, keys } = options;
  const plan = await makePlan({ target, wanted: what.wanted, fixtures, keys, tell });
  const back = "rollbackTo" in what.source;
  const forbidding = plan.findings.filter(
    ({ severity, code }) => severity === "error" && !(back && code === "fixture-fails"),
  );
  const record: DeploymentRecord = {
    format: 1,
    number: (plan.last?.number ?? 0) + 1,
    at: new Date().toISOString(),
    by: whoAmI(),
    source: what.source,
    managerVersion: plan.facts.version,
    pieces: plan.change.after.filter(({ content }) => content !== null),
    rules: what.rules,
    others: plan.others,
  };
  if (forbidding.length > 0) throw new Problem(1, forbidding);
  if (!changesSomething(plan)) {
    // What was put there by hand is known from now on, and a node that is gone no more expected.
    const known = plan.last !== null && goneNodes(plan.facts, plan.last).length === 0;
    if (!known) await keepDeployment(target.state, record);
    return { state: "unchanged", number: known ? plan.last!.number : record.number, plan };
  }
  if (!(await options.confirm(plan))) return { state: "declined", plan };
  const before = await warningsBefore(target);
  const check = () =>
    smokeCheck(target, plan.after, options.smoke, {
      before,
      accepted: options.knownWarnings,
      tell,
      signal: options.signal,
    });
  const reload = await runDeployment({ target, lock, change: plan.change, record, check }, options);
  return { state: "deployed", number: record.number, plan, reload };
}
