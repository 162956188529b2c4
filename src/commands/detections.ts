import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Command } from "commander";
import pc from "picocolors";
import { replaceFile } from "../compiler/output-directory.js";
import { detectionsMarkdown } from "../detections/markdown.js";
import { problem } from "../diagnostics/problem.js";
import { readFixtures } from "../fixtures/fixture-file.js";
import { findProject, loadPack } from "../project.js";

export function addDetections(program: Command): void {
  program
    .command("detections")
    .description("write what each rule sees, by statement, log form and preset, as the fixtures prove it")
    .option("--out <file>", "where to write (default: docs/detections.md of the project)")
    .option("--check", "write nothing; exit 1 when the file is out of date")
    .addHelpText("after", "\nExamples:\n  rulewright detections\n  rulewright detections --check")
    .action(detections);
}

async function detections(options: { out?: string; check?: boolean }): Promise<void> {
  const project = await findProject();
  const file = options.out ?? join(project.root, "docs/detections.md");
  const text = detectionsMarkdown(await loadPack(project), await readFixtures(project.fixtures));
  const shown = relative(process.cwd(), file);
  if (!options.check) {
    await replaceFile(file, text);
    console.log(`${pc.green("written")} ${shown}`);
    return;
  }
  const current = await readFile(file, "utf8").catch(() => null);
  if (current !== text)
    throw problem(1, {
      code: "detections-stale",
      message: `${shown} is ${current === null ? "missing" : "out of date"}`,
      hint: "run rulewright detections and commit what it writes",
    });
}
