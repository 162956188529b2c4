/**
 * The shipped pack on captures of a labelled workload: authorised work must stay quiet, attacks must alert with the group of
 * their use case.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toBytes } from "../../src/engine/bytes.js";
import { createSession } from "../../src/engine/session.js";
import type { LogForm } from "../../src/postgresql/log-forms.js";
import { EventClock } from "../../src/replay/event-time.js";
import { readGenerated } from "../../src/replay/generated.js";
import { recordsOf } from "../../src/replay/records.js";
import type { SetResult } from "./golden-file.js";

const CAPTURES: readonly (readonly [folder: string, log: string, form: LogForm])[] = [
  ["jsonlog", "postgresql.json", "jsonlog"],
  ["csvlog", "postgresql.csv", "csvlog"],
  ["stderr-debian", "postgresql.log", "stderr-debian"],
  ["stderr-rich", "postgresql.log", "stderr-rich"],
  ["syslog-split", "syslog_rfc3339.log", "syslog-rfc3339"],
  ["syslog-split", "syslog_traditional.log", "syslog-traditional"],
];

const GROUPS: Readonly<Record<number, string>> = {
  1: "dam_routine_execution",
  2: "dam_code_tampering",
  3: "dam_wrapped_object",
  4: "dam_drop_view",
  5: "dam_alter_table",
  6: "dam_drop_table",
  7: "dam_privileged_operation",
  8: "dam_create_user",
  9: "dam_create_table",
  10: "dam_drop_user",
  11: "dam_data_exfiltration",
};

interface Block {
  readonly id: string;
  readonly use_case: number;
  readonly kind: "benign" | "malicious" | "evasive" | "noise";
  readonly outcome: string;
  readonly user: string;
  readonly sql: string;
}
interface Alert {
  readonly level: number;
  readonly groups: readonly string[];
  readonly description: string;
}

/**
 * Attacks that the rules do not tell from authorised work yet: calls of dangerous routines by an account that may call
 * routines, plain reads of sensitive relations, SQL injection that succeeds, a DELETE through a view.
 */
const NOT_YET = new Set(
  "u01m01 u01m02 u01m03 u04m08 u11m02 u11m08 u11m20 u11m26 u11m28 u11m29 u11m31 u11m34".split(" "),
);

type Difference = SetResult["differences"][number];

/** Highest level of an alert on authorised work; least level of one on an attack. */
const QUIET = 6;
const ALARM = 7;

export async function comparePostgresLogs(golden: string): Promise<SetResult[]> {
  const root = join(golden, "..", "postgres-logs");
  if (!existsSync(root)) return [];
  const { ruleset } = await readGenerated("generated");
  const blocks = ndjson<Block>(join(root, "statements.ndjson"));
  const benign = { name: "pack/benign", rows: 0, differences: [] as Difference[] };
  const attacks = { name: "pack/attacks", rows: 0, differences: [] as Difference[] };
  for (const [folder, log, form] of CAPTURES) {
    const alerts = alertsByBlock(join(root, folder, log), form, createSession(ruleset));
    for (const block of blocks) {
      const own = alerts.get(block.id);
      if (!own) continue;
      const row = `${form} ${block.id} ${block.user}: ${block.sql.trim()}`;
      const shown = own.map(({ level, description }) => `${level} ${description}`);
      if (block.kind === "benign") {
        benign.rows++;
        if (own.some(({ level }) => level > QUIET)) benign.differences.push({ row, expected: "quiet", actual: shown });
      } else if (block.kind === "malicious" && block.outcome === "ok" && !NOT_YET.has(block.id)) {
        const group = GROUPS[block.use_case]!;
        attacks.rows++;
        if (!own.some(({ level, groups }) => level >= ALARM && groups.includes(group)))
          attacks.differences.push({ row, expected: group, actual: shown });
      }
    }
  }
  return [benign, attacks];
}

/** Alerts by the block that caused them; a block that left audit records has an entry, if only an empty one. */
function alertsByBlock(file: string, form: LogForm, session: ReturnType<typeof createSession>): Map<string, Alert[]> {
  const lines = toBytes(readFileSync(file)).split("\n");
  const clock = new EventClock();
  const alerts = new Map<string, Alert[]>();
  for (const record of ndjson<{ first: number; last: number; id: string | null; audit?: unknown }>(
    `${file}.index.ndjson`,
  )) {
    for (const event of recordsOf(lines.slice(record.first - 1, record.last), form)) {
      const decision = session.process({ event: Buffer.from(event, "latin1"), location: form, at: clock.at(event) });
      if (record.id === null) continue;
      const own = alerts.get(record.id) ?? [];
      if (record.audit || own.length > 0) alerts.set(record.id, own);
      if (decision.alert && decision.rule) {
        own.push(decision.rule);
        alerts.set(record.id, own);
      }
    }
  }
  return alerts;
}

function ndjson<T>(file: string): T[] {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as T);
}
