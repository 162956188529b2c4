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
import { FAILED, UNTOLD_UNDER, untoldIn } from "./untold.js";

const CAPTURES: readonly (readonly [folder: string, log: string, form: LogForm])[] = [
  ["jsonlog", "postgresql.json", "jsonlog"],
  ["csvlog", "postgresql.csv", "csvlog"],
  ["stderr-debian", "postgresql.log", "stderr-debian"],
  ["stderr-rich", "postgresql.log", "stderr-rich"],
  ["syslog-nosplit", "syslog_rfc3339.log", "syslog-rfc3339"],
  ["syslog-nosplit", "syslog_traditional.log", "syslog-traditional"],
  ["stderr-bracket", "postgresql.log", "stderr-bracket"],
  ["syslog-split", "syslog_rfc3339.log", "syslog-split-rfc3339"],
  ["syslog-split", "syslog_traditional.log", "syslog-split-traditional"],
  ["pgauditlogtofile", "audit.log", "pgauditlogtofile"],
];

/** The same workload under other settings, all of it in jsonlog. */
const OTHER_SETTINGS = Object.keys(UNTOLD_UNDER).filter((folder) => folder.startsWith("jsonlog-"));

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
  const others = OTHER_SETTINGS.map((folder) => [folder, "postgresql.json", "jsonlog"] as const);
  for (const [folder, log, form] of [...CAPTURES, ...others]) {
    const alerts = alertsByBlock(join(root, folder, log), form, createSession(ruleset));
    for (const block of blocks) {
      const own = alerts.get(block.id);
      if (!own) continue;
      const row = `${folder} ${block.id} ${block.user}: ${block.sql.trim()}`;
      const shown = own.map(({ level, description }) => `${level} ${description}`);
      if (block.kind === "benign") {
        benign.rows++;
        if (own.some(({ level }) => level > QUIET)) benign.differences.push({ row, expected: "quiet", actual: shown });
      } else if (block.kind !== "noise") {
        const group = GROUPS[block.use_case]!;
        const told = own.some(({ level, groups }) => level >= ALARM && groups.includes(group));
        const why = untoldIn(folder, block);
        attacks.rows++;
        if (told && why && why !== FAILED) attacks.differences.push({ row, expected: `untold: ${why}`, actual: shown });
        if (!told && !why) attacks.differences.push({ row, expected: group, actual: shown });
      }
    }
  }
  return [benign, attacks];
}

/** Alerts by the block that caused them; a block that left any record has an entry, if only an empty one. */
function alertsByBlock(file: string, form: LogForm, session: ReturnType<typeof createSession>): Map<string, Alert[]> {
  const lines = toBytes(readFileSync(file)).split("\n");
  const clock = new EventClock();
  const alerts = new Map<string, Alert[]>();
  for (const record of ndjson<{ first: number; last: number; id: string | null }>(`${file}.index.ndjson`)) {
    for (const event of recordsOf(lines.slice(record.first - 1, record.last), form)) {
      const decision = session.process({ event: Buffer.from(event, "latin1"), location: form, at: clock.at(event) });
      if (record.id === null) continue;
      const own = alerts.get(record.id) ?? [];
      alerts.set(record.id, own);
      if (decision.alert && decision.rule) own.push(decision.rule);
    }
  }
  return alerts;
}

function ndjson<T>(file: string): T[] {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as T);
}
