/**
 * Where the time of an event goes, stage by stage: each is run with all those before it, and the difference is its own. They
 * take turns, and of each the quickest round counts: a difference of two medians would be mostly noise.
 */
import { alertText } from "../../src/engine/alert.js";
import { toBytes } from "../../src/engine/bytes.js";
import { compileRuleset } from "../../src/engine/compiled-ruleset.js";
import { toDecision } from "../../src/engine/decision.js";
import { DecodingPhase } from "../../src/engine/decoders/decode.js";
import { EngineEvent } from "../../src/engine/event.js";
import type { Ruleset } from "../../src/engine/model.js";
import { predecode } from "../../src/engine/predecoder.js";
import { forgetAnswers } from "../../src/engine/regex/pcre2/known-answers.js";
import { createSession } from "../../src/engine/session.js";

/** Microseconds of CPU per event. */
export type Stages = Record<"bytes" | "predecode" | "decode" | "rules" | "decision" | "alert", number>;

const WARM_UP = 10;
const ROUNDS = 20;
const TIME = 1_700_000_000;

export function measureStages(ruleset: Ruleset, lines: readonly Buffer[]): Stages {
  const compiled = compileRuleset(ruleset);
  const decoding = new DecodingPhase(compiled);
  const session = createSession(ruleset);
  const run = (line: Buffer) => session.run(toBytes(line), "stdin", TIME)!;
  const steps: Record<keyof Stages, (line: Buffer) => unknown> = {
    bytes: toBytes,
    predecode: (line) => predecode(toBytes(line), "stdin", "localhost"),
    decode: (line) => {
      const message = toBytes(line);
      const event = new EngineEvent(message, predecode(message, "stdin", "localhost")!, TIME);
      decoding.decode(event);
      return event;
    },
    rules: run,
    decision: (line) => JSON.stringify(toDecision(run(line))),
    alert: (line) => {
      const processed = run(line);
      return processed.alert && alertText(processed);
    },
  };
  const upTo = leastOf(steps, lines);
  return {
    bytes: upTo.bytes,
    predecode: upTo.predecode - upTo.bytes,
    decode: upTo.decode - upTo.predecode,
    rules: upTo.rules - upTo.decode,
    decision: upTo.decision - upTo.rules,
    alert: upTo.alert - upTo.rules,
  };
}

function leastOf(steps: Record<keyof Stages, (line: Buffer) => unknown>, lines: readonly Buffer[]): Stages {
  const least = Object.fromEntries(Object.keys(steps).map((name) => [name, Number.POSITIVE_INFINITY])) as Stages;
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const name of Object.keys(steps) as (keyof Stages)[]) {
      const took = perEvent(steps[name], lines);
      if (round >= WARM_UP) least[name] = Math.min(least[name], took);
    }
  }
  return least;
}

function perEvent(step: (line: Buffer) => unknown, lines: readonly Buffer[]): number {
  forgetAnswers();
  const cpu = process.cpuUsage();
  for (const line of lines) step(line);
  const used = process.cpuUsage(cpu);
  return (used.user + used.system) / lines.length;
}
