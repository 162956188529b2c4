/** What a deployment would do to a target, and what speaks against it. Nothing is written. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { Problem } from "../../diagnostics/problem.js";
import { placeOf } from "../../diagnostics/text-reporter.js";
import type { FixtureRun } from "../../fixtures/run-fixtures.js";
import { sha256 } from "../build-output.js";
import { lastDeployment, readJournal } from "../deployment/history.js";
import type { DeploymentRecord } from "../deployment/record.js";
import { keyOf, type Piece, sameContent } from "../pieces.js";
import { FILE_KINDS, type Target, type TargetFacts } from "../target.js";
import { collisions } from "./collisions.js";
import { type Change, changeTo } from "./desired.js";
import { type FileChange, fileChanges } from "./file-changes.js";
import { filesWith, type LoadedManager, loadManager, newDiagnostics } from "./manager-ruleset.js";
import { type RuleChange, ruleChanges } from "./rule-changes.js";
import { shadowing } from "./shadowing.js";
import { compareVerdicts, type VerdictComparison } from "./verdict-changes.js";

export interface Plan {
  readonly facts: TargetFacts;
  readonly last: DeploymentRecord | null;
  /** A deployment was interrupted: deploy and rollback put that right first. */
  readonly interrupted: boolean;
  readonly change: Change;
  readonly files: readonly FileChange[];
  readonly rules: readonly RuleChange[];
  /** Errors forbid the deployment. */
  readonly findings: readonly Diagnostic[];
  /** Null where a ruleset does not load. */
  readonly verdicts: VerdictComparison | null;
  /** What could not be looked at, in words. */
  readonly notChecked: readonly string[];
  /** The manager's ruleset with ours in place, as the embedded engine loads it. */
  readonly after: LoadedManager;
  /** SHA-256 by path of the custom files that are not ours. */
  readonly others: Readonly<Record<string, string>>;
}

export interface PlanInput {
  readonly target: Target;
  /** What shall be there. */
  readonly wanted: (facts: TargetFacts) => Promise<readonly Piece[]>;
  readonly fixtures: readonly FixtureRun[];
  /** Rule keys by id. */
  readonly keys: ReadonlyMap<number, string>;
  readonly tell: (line: string) => void;
}

/** Versions whose decisions the embedded engine copies. */
const KNOWN_VERSION = /^4\.14\./;

export async function makePlan({ target, wanted, fixtures, keys, tell }: PlanInput): Promise<Plan> {
  tell(`asking ${target.place}`);
  const facts = await target.facts();
  const last = await lastDeployment(target.state);
  const interrupted = (await readJournal(target.state)) !== null;
  const change = await changeTo(target, facts, await wanted(facts), last);
  tell("reading the manager's ruleset");
  const installed = await target.installed();
  const before = loadManager(installed.files);
  const first = facts.nodes[0]?.name ?? "manager";
  const files = fileChanges(change, last);
  const after = files.length > 0 ? loadManager(filesWith(installed.files, change.after, first)) : before;
  tell(`replaying ${fixtures.length} recorded cases`);
  const verdicts = await compareVerdicts(before, after, fixtures, keys, tell);
  return {
    facts,
    last,
    interrupted,
    change,
    files,
    rules: ruleChanges(change, new Map([...keysOf(last), ...keys])),
    findings: [
      ...factFindings(facts),
      ...(await refusals(target, change)),
      ...(await groupFindings(target, change)),
      ...loaderFindings(before, after),
      ...collisions(after, change.after),
      ...shadowing(after, change.after),
      ...fixtureFindings(verdicts),
    ],
    verdicts,
    notChecked: [
      ...(facts.notChecked ?? []),
      ...goneNodes(facts, last).map((node) => `${node}: the last deployment reached it, and it is not connected now`),
      ...(await laggingNodes(target)),
      ...[...installed.unreadable].map(([path, reason]) => `${path}: ${reason}`),
      ...(verdicts?.changes ? [] : [`which recorded lines change verdict: ${reasonNotLoaded(before, after)}`]),
    ],
    after,
    others: othersIn(installed.files, change),
  };
}

function reasonNotLoaded(before: LoadedManager, after: LoadedManager): string {
  const [broken, which] = before.ruleset ? [after, "ruleset with ours in place"] : [before, "ruleset as it is"];
  const error = broken.diagnostics.findLast(({ severity }) => severity === "error");
  const reason = error === undefined ? "" : `: ${error.where ? `${placeOf(error.where)} ` : ""}${error.message}`;
  return `the manager's ${which} does not load${reason}`;
}

export function changesSomething({ files }: Plan): boolean {
  return files.length > 0;
}

/** A deployment would change nothing, nothing speaks against it, and everything has been looked at. */
export function isSettled({ files, interrupted, findings, notChecked }: Plan): boolean {
  const errors = findings.filter(({ severity }) => severity === "error");
  return files.length + errors.length + notChecked.length === 0 && !interrupted;
}

/** Nodes that the last deployment reached and that are not there any more. */
export function goneNodes({ nodes }: TargetFacts, last: DeploymentRecord | null): string[] {
  const there = new Set(nodes.map(({ name }) => name));
  return (last?.pieces ?? []).flatMap(({ address }) =>
    address.kind === "configuration" && !there.has(address.node) ? [address.node] : [],
  );
}

/** Whether all nodes have the files that the first one shows. */
async function laggingNodes(target: Target): Promise<string[]> {
  try {
    await target.synchronise({ timeoutMs: 0 });
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [`whether every node has the files: ${error.message}`];
  }
}

/** What the target would not take as it is. Of ossec.conf our part is written with all the rest of it. */
async function refusals(target: Target, { before, after }: Change): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const [index, { address, content }] of after.entries()) {
    if (!target.refusalOf || sameContent(address, before[index]!.content, content)) continue;
    const bytes = address.kind === "configuration" ? await target.read(address) : content;
    const refusal = bytes && target.refusalOf(address, bytes);
    if (refusal) found.push(refusal);
  }
  return found;
}

function keysOf(record: DeploymentRecord | null): ReadonlyMap<number, string> {
  return new Map(record?.rules.map(({ id, key }) => [id, key]));
}

function factFindings({ version, nodes, missingPermissions }: TargetFacts): Diagnostic[] {
  const versions = new Set(nodes.map((node) => node.version));
  return [
    ...missingPermissions.map(
      (permission): Diagnostic => ({
        code: "permission-missing",
        severity: "error",
        message: `not permitted on this target: ${permission}`,
      }),
    ),
    ...(version === null || KNOWN_VERSION.test(version)
      ? []
      : [
          {
            code: "version-unknown",
            severity: version.startsWith("4.") ? ("warning" as const) : ("error" as const),
            message: `the manager is ${version}; the embedded engine decides as 4.14 does`,
            hint: "run rulewright verify: it compares the two on this manager",
          },
        ]),
    ...(version === null
      ? [{ code: "version-not-told", severity: "warning" as const, message: "the manager does not tell its version" }]
      : []),
    ...(versions.size > 1
      ? [
          {
            code: "versions-differ",
            severity: "warning" as const,
            message: `the nodes are of different versions: ${nodes.map((node) => `${node.name} ${node.version ?? "unknown"}`).join(", ")}`,
          },
        ]
      : []),
  ];
}

/** A group is made by people: which agents are in it is theirs to say. */
async function groupFindings(target: Target, { after }: Change): Promise<Diagnostic[]> {
  const wanted = after.flatMap(({ address, content }) =>
    address.kind === "group" && content !== null ? [address.name] : [],
  );
  if (wanted.length === 0) return [];
  const groups = await target.groups();
  return wanted
    .filter((name) => !groups.includes(name))
    .map((name) => ({
      code: "agent-group-missing",
      severity: "error",
      message: `${target.place} has no agent group ${JSON.stringify(name)}`,
      hint: "make the group first, or correct agent_group of this target in deploy.yaml",
    }));
}

/** What the loader says. That a rule or a list is newly dropped is never what was meant. */
function loaderFindings(before: LoadedManager, after: LoadedManager): Diagnostic[] {
  const fresh = new Set(newDiagnostics(before, after));
  return after.diagnostics.map((each) => ({ ...each, severity: fresh.has(each) ? "error" : each.severity }));
}

function fixtureFindings(verdicts: VerdictComparison | null): Diagnostic[] {
  return (verdicts?.failing ?? []).map(({ run, expected, actual }) => ({
    code: "fixture-fails",
    severity: "error",
    message: `with this manager's ruleset, ${run.name} (${run.form}) gives ${oneLine(actual)} in place of ${oneLine(expected)}`,
    where: run.where,
  }));
}

function oneLine(text: string): string {
  return text.replaceAll("\n", " ");
}

function othersIn(files: ReadonlyMap<string, Uint8Array>, change: Change): Record<string, string> {
  const ours = new Set(change.after.map(({ address }) => keyOf(address)));
  const custom = [...files].filter(
    ([path]) => FILE_KINDS.some((kind) => path.startsWith(`etc/${kind}/`)) && !ours.has(path),
  );
  return Object.fromEntries(custom.sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, bytes]) => [path, sha256(bytes)]));
}
