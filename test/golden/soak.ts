/**
 * What must neither crash, hang nor grow: run by hand, as it takes minutes.
 *
 *   soak.js [stock ruleset directory] [--events N]
 *
 * Random bytes, lines of 64 kB and deep JSON through the stock ruleset; every pattern of the stock ruleset on every line of its
 * test suite; N events through a frequency rule. Prints the slowest single step and the heap of each part; exit code 1 when
 * one step took longer than the bound, or the heap grew past it.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Bytes } from "../../src/engine/bytes.js";
import { compileBytes } from "../../src/engine/regex/compile.js";
import type { Dialect } from "../../src/engine/regex/expression.js";
import { createSession } from "../../src/engine/session.js";
import { readRulesetDirectory } from "../../src/ruleset/directory.js";
import { loadRuleset } from "../../src/ruleset/load.js";
import { STANDALONE_DECODERS, STANDALONE_RULES } from "../../src/ruleset/standalone.js";

const SLOWEST_STEP_MS = 5000;
const LARGEST_HEAP_MB = 700;

let failed = false;

/** Runs a part; `step` is timed each time. */
function part(name: string, steps: number, step: (index: number) => void): void {
  const started = performance.now();
  let slowest = 0;
  let slowestIndex = 0;
  let heap = 0;
  for (let index = 0; index < steps; index++) {
    const before = performance.now();
    step(index);
    const took = performance.now() - before;
    if (took > slowest) {
      slowest = took;
      slowestIndex = index;
    }
    if (index % 1000 === 0) heap = Math.max(heap, process.memoryUsage().heapUsed);
  }
  const seconds = (performance.now() - started) / 1000;
  const megabytes = Math.round(heap / 1e6);
  const bad = slowest > SLOWEST_STEP_MS || megabytes > LARGEST_HEAP_MB;
  failed ||= bad;
  console.log(
    `${name.padEnd(34)}${String(steps).padStart(10)} steps${seconds.toFixed(1).padStart(8)} s   slowest ${slowest.toFixed(1)} ms (${slowestIndex})   heap ${megabytes} MB${bad ? "   TOO MUCH" : ""}`,
  );
}

/** A generator that gives the same numbers in every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { events: { type: "string", default: "10000000" } },
  });
  const stock = resolve(positionals[0] ?? "../shared/wazuh-4.14.7");
  if (existsSync(stock)) soakStock(stock);
  else console.log(`soak: no stock ruleset at ${stock}, its parts are left out`);
  soakFrequency(Number(values.events));
  process.exitCode = failed ? 1 : 0;
}

function soakStock(stock: string): void {
  const { input } = readRulesetDirectory(stock);
  const { ruleset } = loadRuleset(input!);
  const session = createSession(ruleset!);
  const random = randomFrom(7);
  const lines = suiteLines(stock);
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => 1 + random(255)));

  part("random bytes", 30_000, () => session.process({ event: bytes(random(300)), at: 1 }));
  part("stock lines with random bytes", 30_000, (index) => {
    const line = Buffer.from(lines[index % lines.length]!, "latin1");
    for (let change = 0; change < 5; change++) line[random(line.length)] = 1 + random(255);
    session.process({ event: line, at: 1 });
  });
  part("lines of 64 kB", 300, (index) => {
    const line = lines[index % lines.length]!;
    const filler = ["a", " ", "1.", '"', "(", "{", "é", "\\"][index % 8]!;
    session.process({ event: line + filler.repeat(65_000 / filler.length), at: 1 });
  });
  part("deep JSON", 40, (index) => {
    const depth = 500 * (1 + index);
    const open = index % 2 === 0 ? '{"a":' : '{"a":[';
    const close = index % 2 === 0 ? "}" : "]}";
    session.process({ event: `${open.repeat(depth)}1${close.repeat(depth)}`.slice(0, 65_000), at: 1 });
  });
  const patterns = stockPatterns(
    input!.decoders.concat(input!.rules).map(({ text }) => Buffer.from(text).toString("latin1")),
  );
  part(`${patterns.length} stock patterns on every line`, patterns.length, (index) => {
    const [dialect, pattern] = patterns[index]!;
    const expression = compileBytes(dialect, pattern, { captures: dialect !== "osmatch" });
    for (const line of lines) expression.match(line);
  });
}

function suiteLines(stock: string): Bytes[] {
  const bench = join(stock, "../bench/lines.txt");
  return readFileSync(bench, "latin1").trimEnd().split("\n");
}

/** Patterns as they stand in the files, with the dialect that their element has by default. */
function stockPatterns(texts: readonly string[]): (readonly [Dialect, Bytes])[] {
  const seen = new Map<string, readonly [Dialect, Bytes]>();
  for (const text of texts) {
    for (const [, element, attributes, content] of text.matchAll(
      /<(regex|prematch|match|field|program_name)\b([^>]*)>([^<]+)</g,
    )) {
      const given = /type="(\w+)"/.exec(attributes!)?.[1];
      const dialect = (given ?? (element === "match" || element === "program_name" ? "osmatch" : "osregex")) as Dialect;
      try {
        compileBytes(dialect, content!);
        seen.set(`${dialect} ${content}`, [dialect, content!]);
      } catch {
        // Text with an escape of the XML reader's; the loader's own tests have those.
      }
    }
  }
  return [...seen.values()];
}

function soakFrequency(events: number): void {
  const rules = `<group name="soak,">
<rule id="100" level="3"><match>login</match><description>login</description></rule>
<rule id="101" level="10" frequency="8" timeframe="120"><if_matched_sid>100</if_matched_sid><description>many</description></rule>
</group>`;
  const { ruleset } = loadRuleset({
    decoders: [STANDALONE_DECODERS],
    rules: [STANDALONE_RULES, { name: "etc/rules/soak.xml", text: rules }],
  });
  const session = createSession(ruleset!);
  const batch = 1000;
  part(`${events} events, frequency rule`, events / batch, (index) => {
    for (let event = 0; event < batch; event++) session.process({ event: `login ${event}`, at: index });
  });
}

main();
