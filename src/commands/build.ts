import { relative } from "node:path";
import type { Command } from "commander";
import pc from "picocolors";
import { compilePack } from "../compiler/compile.js";
import { replaceDirectory, replaceFile, staleFiles } from "../compiler/output-directory.js";
import { lockText, readRuleIdLock } from "../compiler/rule-ids.js";
import { Problem } from "../diagnostics/problem.js";
import { readSitePolicy } from "../policy/site-policy.js";
import { findProject, loadPack } from "../project.js";

export function addBuild(program: Command): void {
  program
    .command("build")
    .description("compile the definitions and the site policy into files for the manager, the agents and PostgreSQL")
    .option("--out <directory>", "where to write (default: the project's generated/)")
    .option("--policy <file>", "site policy (default: the project's site.yaml)")
    .option("--check", "write nothing; exit 1 when the directory or the rule id lock is out of date")
    .addHelpText(
      "after",
      "\nExamples:\n  rulewright build\n  rulewright build --check\n  rulewright build --policy sites/small.yaml --out out/small",
    )
    .action(build);
}

async function build(options: { out?: string; policy?: string; check?: boolean }): Promise<void> {
  const project = await findProject();
  const [pack, policy, lock] = await Promise.all([
    loadPack(project),
    readSitePolicy(options.policy ?? project.policy),
    readRuleIdLock(project.ruleIds),
  ]);
  const compiled = compilePack(pack, policy, lock, project.root);
  const directory = options.out ?? project.generated;
  const stale = await staleFiles(directory, compiled.files);
  const lockChanged = lockText(compiled.lock) !== lockText(lock);
  if (options.check) {
    if (stale.length === 0 && !lockChanged) return;
    throw new Problem(1, [
      ...stale.map(({ path, state }) => ({
        code: "output-stale",
        severity: "error" as const,
        message: `${relative(process.cwd(), directory)}/${path} is ${state}`,
      })),
      ...(lockChanged
        ? [
            {
              code: "rule-ids-stale",
              severity: "error" as const,
              message: `${project.ruleIds} lacks rules of the pack`,
            },
          ]
        : []),
      { code: "build-needed", severity: "info" as const, message: "run rulewright build and commit what it writes" },
    ]);
  }
  // The lock first: a number must be on record before anything that bears it exists.
  if (lockChanged) await replaceFile(project.ruleIds, lockText(compiled.lock));
  if (stale.length > 0) await replaceDirectory(directory, compiled.files);
  const rules = Object.keys(compiled.lock.rules).length;
  const state = stale.length > 0 ? `${stale.length} changed` : "nothing changed";
  console.log(
    `${pc.green("built")} ${relative(process.cwd(), directory) || "."}: ${compiled.files.length} files, ${rules} rules, ${state}`,
  );
}
