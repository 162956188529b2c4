/** A small manager's files, small builds to deploy to it, and cases that show which of them decides. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FixtureRun } from "../../src/fixtures/run-fixtures.js";
import { readBuildOutput } from "../../src/manager/build-output.js";
import type { DeployOptions } from "../../src/manager/deployment/deploy.js";

export const OSSEC_CONF = `<ossec_config>
  <alerts>
    <log_alert_level>3</log_alert_level>
  </alerts>
  <!-- the part that counts -->
  <ruleset>
    <decoder_dir>ruleset/decoders</decoder_dir>
    <rule_dir>ruleset/rules</rule_dir>
    <list>etc/lists/theirs</list>
    <decoder_dir>etc/decoders</decoder_dir>
    <rule_dir>etc/rules</rule_dir>
  </ruleset>
</ossec_config>
`;

/** By their path below the manager's root. */
export const MANAGER_FILES: Readonly<Record<string, string>> = {
  "etc/ossec.conf": OSSEC_CONF,
  "ruleset/decoders/0005-stock.xml": '<decoder name="stock">\n  <prematch>^stock: </prematch>\n</decoder>\n',
  "ruleset/decoders/0010-program.xml":
    '<decoder name="program">\n  <program_name>^program$</program_name>\n</decoder>\n',
  "ruleset/rules/0010-stock.xml":
    '<group name="stock,">\n  <rule id="1" level="0">\n    <category>syslog</category>\n    <description>all of syslog</description>\n  </rule>\n\n  <rule id="2" level="3">\n    <decoded_as>stock</decoded_as>\n    <description>stock</description>\n  </rule>\n</group>\n',
  "etc/decoders/local_decoder.xml": '<decoder name="theirs">\n  <prematch>^theirs: </prematch>\n</decoder>\n',
  "etc/rules/local_rules.xml":
    '<group name="theirs,">\n  <rule id="100200" level="5">\n    <decoded_as>theirs</decoded_as>\n    <list field="user" lookup="not_match_key">etc/lists/theirs</list>\n    <description>theirs</description>\n  </rule>\n</group>\n',
  "etc/lists/theirs": "somebody:\n",
  "etc/shared/databases/agent.conf": "<agent_config>\n</agent_config>\n",
};

/** Level of the sample's second rule, by the version of the build. */
const LEVELS = { 1: 7, 2: 10 } as const;
export type SampleVersion = keyof typeof LEVELS;

export const SAMPLE_DECODERS =
  '<decoder name="sample">\n  <prematch type="pcre2">^sample: </prematch>\n</decoder>\n\n<decoder name="sample-fields">\n  <parent>sample</parent>\n  <regex type="pcre2">^sample: (\\w+)</regex>\n  <order>srcuser</order>\n</decoder>\n';

const rules = (version: SampleVersion) => `<group name="sample,">
  <rule id="100100" level="3">
    <decoded_as>sample</decoded_as>
    <description>sample</description>
  </rule>

  <rule id="100101" level="${LEVELS[version]}">
    <if_sid>100100</if_sid>
    <list field="user" lookup="not_match_key">etc/lists/sample-people</list>
    <description>somebody else</description>
  </rule>
${version === 2 ? '\n  <rule id="100102" level="12">\n    <if_sid>100101</if_sid>\n    <user>mallory</user>\n    <description>mallory</description>\n  </rule>\n' : ""}</group>
`;

export interface SampleOptions {
  /** Over the build's own files, by path below generated/; null leaves one out. */
  readonly files?: Readonly<Record<string, string | null>>;
}

/** Writes what `rulewright build` would, and returns the directory. */
export function sampleBuildDirectory(version: SampleVersion, { files: over = {} }: SampleOptions = {}): string {
  const files: Record<string, string | null> = {
    "wazuh/decoders/0000-sample_decoders.xml": SAMPLE_DECODERS,
    "wazuh/rules/sample_rules.xml": rules(version),
    "wazuh/lists/sample-people": version === 1 ? "alice:\n" : "alice:\nbob:\n",
    "agent/localfile.conf":
      "<agent_config>\n  <localfile>\n    <location>/var/log/sample.log</location>\n    <log_format>syslog</log_format>\n  </localfile>\n</agent_config>\n",
    "postgresql/pgaudit.conf": "pgaudit.log = 'ddl'\n",
    ...over,
  };
  const written = Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== null);
  const rule = (id: number, key: string, level: number) => ({ id, key, level, use_case: null, file: "r.ts", line: 1 });
  const manifest = {
    format: 1,
    pack: "sample",
    target: { wazuh: "4.14.7", pgaudit: "1.7" },
    files: written.map(([path, text]) => ({ path, sha256: sha256(text), bytes: Buffer.byteLength(text) })),
    rules: [
      rule(100100, "sample", 3),
      rule(100101, "somebody-else", LEVELS[version]),
      ...(version === 2 ? [rule(100102, "mallory", 12)] : []),
    ],
    lists: [{ name: "sample-people", description: "people" }],
  };
  const directory = mkdtempSync(join(tmpdir(), "rulewright-build-"));
  writeTree(directory, { ...Object.fromEntries(written), "manifest.json": JSON.stringify(manifest) });
  return directory;
}

export function sampleBuild(version: SampleVersion, options?: SampleOptions) {
  return readBuildOutput(sampleBuildDirectory(version, options));
}

/** Alice is known in both versions, Bob in the second only; of Mallory only the second knows more. */
export function sampleRuns(version: SampleVersion): FixtureRun[] {
  const expected = {
    alice: [["sample", 3]],
    bob: version === 1 ? [["somebody-else", 7]] : [["sample", 3]],
    mallory: version === 1 ? [["somebody-else", 7]] : [["mallory", 12]],
  } as const;
  return Object.entries(expected).map(([user, alerts]): FixtureRun => {
    const expect = alerts.map(([rule, level]) => ({ rule, level }));
    return {
      useCase: "sample",
      name: `${user} comes`,
      form: "jsonlog",
      events: [`sample: ${user}`],
      case: { name: `${user} comes`, as: user, sql: "", expect, lines: { jsonlog: "1-1" } },
      where: { file: "cases.yaml", line: 1, column: 1 },
    } as unknown as FixtureRun;
  });
}

export const SAMPLE_KEYS = new Map([
  [100100, "sample"],
  [100101, "somebody-else"],
  [100102, "mallory"],
]);

/** Says yes, is quick, and keeps what it is told. */
export function sampleOptions(version: SampleVersion, told: string[] = []): DeployOptions {
  const runs = sampleRuns(version);
  return {
    tell: (line) => told.push(line),
    timeoutMs: 2_000,
    confirm: async () => true,
    fixtures: runs,
    smoke: runs,
    keys: SAMPLE_KEYS,
    lockTimes: { beatMs: 500, deadMs: 1_000 },
  };
}

export function writeTree(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** Every file below a directory, with its text; what deployments remember of themselves left out, or not. */
export function treeOf(root: string, records = false): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => records || !file.startsWith(join(root, "var/rulewright")))
      .sort()
      .map((file) => [file.slice(root.length + 1), readFileSync(file, "latin1")]),
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
