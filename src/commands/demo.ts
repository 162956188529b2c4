import type { Command } from "commander";
import { problem } from "../diagnostics/problem.js";
import type { Bytes } from "../engine/bytes.js";
import type { Decision } from "../engine/decision.js";
import { createSession } from "../engine/session.js";
import { readFixtures } from "../fixtures/fixture-file.js";
import { fixtureRuns } from "../fixtures/run-fixtures.js";
import { findProject, loadPack } from "../project.js";
import { EventClock } from "../replay/event-time.js";
import { readGenerated } from "../replay/generated.js";
import { shownLine } from "../replay/shown-line.js";
import { table } from "./table.js";

export function addDemo(program: Command): void {
  program
    .command("demo")
    .description("replay the bundled captures of a real PostgreSQL through the generated files: one row per use case")
    .action(demo);
}

interface Row {
  events: number;
  /** Log forms in which an alert was raised. */
  readonly forms: Set<string>;
  readonly alerts: [authorised: number, noteworthy: number, unauthorised: number, urgent: number];
  worst: { level: number; user: string; text: Bytes } | null;
}

const BANDS = [3, 5, 10, 13];

async function demo(): Promise<void> {
  const project = await findProject();
  const pack = await loadPack(project);
  const { ruleset } = await readGenerated(project.generated);
  const runs = await fixtureRuns(await readFixtures(project.fixtures));
  if (runs.length === 0) {
    throw problem(2, {
      code: "captures-missing",
      message: `there are no captures below ${project.fixtures}`,
      hint: "npm run capture makes them",
    });
  }
  const rows = new Map(
    pack.useCases.map(({ group }): [string, Row] => [
      group,
      { events: 0, forms: new Set(), alerts: [0, 0, 0, 0], worst: null },
    ]),
  );
  let lines = 0;
  for (const run of runs) {
    // A session per case: the captures were taken one after the other, and would otherwise count together.
    const session = createSession(ruleset);
    const clock = new EventClock();
    for (const event of run.events) {
      lines++;
      const decision = session.process({
        event: Buffer.from(event, "latin1"),
        location: run.form,
        at: clock.at(event),
      });
      for (const group of decision.rule?.groups ?? []) count(rows.get(group), decision, event, run.form);
    }
  }
  const width = Math.max(40, (process.stdout.columns || 160) - 104);
  const shown = pack.useCases.map(({ title, group }) => {
    const { events, forms, alerts, worst } = rows.get(group)!;
    return [
      title,
      events,
      forms.size,
      ...alerts,
      worst ? `${worst.level} ${worst.user}: ${shownLine(messageOf(worst.text), width)}` : "–",
    ];
  });
  const forms = new Set(runs.map(({ form }) => form));
  console.log(
    table(["use case", "events", "forms", "3–4", "5–9", "10–12", "13–15", "worst alert: level and line"], shown),
  );
  console.log("alerts by level: 3–4 logged, 5–9 noted, 10–12 unauthorised, 13–15 act now");
  console.log(`${lines} events of ${runs.length} captured cases in ${[...forms].join(", ")}`);
}

/** What a line says, without the header that all lines have. */
function messageOf(line: Bytes): Bytes {
  return line.slice(Math.max(0, line.search(/AUDIT: |received replication command/)));
}

function count(row: Row | undefined, decision: Decision, event: Bytes, form: string): void {
  if (!row || !decision.rule) return;
  row.events++;
  const { level } = decision.rule;
  const band = BANDS.findLastIndex((least) => level >= least);
  if (band >= 0) row.alerts[band] = (row.alerts[band] ?? 0) + 1;
  if (decision.alert) row.forms.add(form);
  if (decision.alert && level > (row.worst?.level ?? 0))
    row.worst = { level, user: decision.fields?.srcuser ?? "", text: event };
}
