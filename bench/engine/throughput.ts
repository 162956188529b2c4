/** Events through a session, for long enough to be measured; whatever runs cold goes before. */
import { isAscii } from "node:buffer";
import { alertText } from "../../src/engine/alert.js";
import { toBytes } from "../../src/engine/bytes.js";
import type { Ruleset } from "../../src/engine/model.js";
import { forgetAnswers } from "../../src/engine/regex/pcre2/known-answers.js";
import { createSession, type Session } from "../../src/engine/session.js";

/** What is done with each event. */
export type Work = "run" | "decision" | "alert";

export interface Throughput {
  readonly events: number;
  /** Seconds of CPU, and on the clock. */
  readonly cpu: number;
  readonly wall: number;
}

/** As many events as the real engine was measured with: its lines, twenty times. */
export const EVENTS = 40_260;
/** So many times the measured events go before: for that long V8 goes on compiling. */
const WARM_UP = 20;
const STARTED_AT = 1_700_000_000;
const EVENTS_PER_SECOND = 1000;

export function measureThroughput(ruleset: Ruleset, lines: readonly Buffer[], work: Work, events: number): Throughput {
  put(createSession(ruleset), lines, work, WARM_UP * Math.min(EVENTS, events));
  return measureNow(ruleset, lines, work, events);
}

/** The same with nothing before: of the first events that a process decides, where it has decided none. */
export function measureNow(ruleset: Ruleset, lines: readonly Buffer[], work: Work, events: number): Throughput {
  const session = createSession(ruleset);
  const cpu = process.cpuUsage();
  const wall = performance.now();
  put(session, lines, work, events);
  const used = process.cpuUsage(cpu);
  return { events, cpu: (used.user + used.system) / 1e6, wall: (performance.now() - wall) / 1000 };
}

/** As large as any alert. */
const line = Buffer.alloc(1 << 20);

/** @returns bytes of alerts, or their number, so that nothing is done for nothing */
function put(session: Session, lines: readonly Buffer[], work: Work, events: number): number {
  let made = 0;
  for (let count = 0; count < events; count++) {
    // That all statements come again is the measurement's doing.
    if (count % lines.length === 0) forgetAnswers();
    const event = lines[count % lines.length]!;
    const at = STARTED_AT + Math.floor(count / EVENTS_PER_SECOND);
    if (work === "decision") {
      if (session.process({ event, at }).alert) made++;
      continue;
    }
    const processed = session.run(toBytes(event), "stdin", at, isAscii(event));
    if (!processed?.alert) continue;
    made += work === "alert" ? line.write(alertText(processed)) : 1;
  }
  return made;
}
