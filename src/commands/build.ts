import { existsSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import type { Command } from "commander";
import pc from "picocolors";
import { compilePack } from "../compiler/compile.js";
import { replaceDirectory, replaceFile, staleFiles } from "../compiler/output-directory.js";
import { lockText, readRuleIdLock } from "../compiler/rule-ids.js";
import { Problem, problem } from "../diagnostics/problem.js";
import { diagnosticText } from "../diagnostics/text-reporter.js";
import { readSitePolicy } from "../policy/site-policy.js";
import { findProject, loadPack } from "../project.js";

export function addBuild(program: Command): void {
  program
    .command("build")
    .description("compile the definitions and the site policy into files for the manager, the agents and PostgreSQL")
    .option("--out <directory>", "where to write (default: the project's generated/)")
    .option("--policy <file>", "site policy (default: the project's site.yaml)")
    .option("--rule-ids <file>", "lock file of rule ids (default: the project's, to which rules of a policy are added)")
    .option("--check", "write nothing; exit 1 when the directory or the rule id lock is out of date")
    .addHelpText(
      "after",
      "\nExamples:\n  rulewright build\n  rulewright build --check\n  rulewright build --policy sites/small-shop.yaml --out out/small-shop",
    )
    .action(build);
}

interface BuildOptions {
  readonly out?: string;
  readonly policy?: string;
  readonly ruleIds?: string;
  readonly check?: boolean;
}

async function build(options: BuildOptions): Promise<void> {
  const project = await findProject();
  const directory = options.out ?? project.generated;
  if (!options.check) refusePackage(directory);
  const pack = await loadPack(project);
  const policy = await readSitePolicy(options.policy ?? project.policy);
  const lockFile = options.ruleIds ?? project.ruleIds;
  // A site's own lock goes on from the numbers that the pack's rules have.
  const lock = await readRuleIdLock(existsSync(lockFile) ? lockFile : project.ruleIds);
  const compiled = compilePack(pack, policy, lock, project.root, new Date().toISOString().slice(0, 10));
  for (const warning of compiled.warnings) console.error(diagnosticText(warning));
  const stale = await staleFiles(directory, compiled.files);
  const lockChanged = !existsSync(lockFile) || lockText(compiled.lock) !== lockText(lock);
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
              message: `${lockFile} lacks rules of the pack`,
            },
          ]
        : []),
      { code: "build-needed", severity: "info" as const, message: "run rulewright build and commit what it writes" },
    ]);
  }
  // The lock first: a number must be on record before anything that bears it exists.
  if (lockChanged) {
    refusePackage(lockFile);
    await replaceFile(lockFile, lockText(compiled.lock));
  }
  if (stale.length > 0) await replaceDirectory(directory, compiled.files);
  const state = stale.length > 0 ? `${stale.length} changed` : "nothing changed";
  console.log(
    `${pc.green("built")} ${relative(process.cwd(), directory) || "."}: ${compiled.files.length} files, ${compiled.rules} rules, ${state}`,
  );
}

/** What an installed package holds is not to be changed: the next installation would undo it. */
function refusePackage(path: string): void {
  if (!resolve(path).split(sep).includes("node_modules")) return;
  throw problem(3, {
    code: "output-in-package",
    message: `${path} is inside an installed package`,
    hint:
      "to compile the shipped definitions for your site, copy its site.yaml and run " +
      "rulewright build --policy site.yaml --out generated --rule-ids rule-ids.json; " +
      "to write your own, name them in package.json (docs/authoring.md)",
  });
}
