import { readFileSync } from "node:fs";
import { describe } from "vitest";
import { captureObstacle } from "../../src/postgresql/capture.js";
import { type LogForm, logFileOf } from "../../src/postgresql/log-forms.js";
import { syslogObstacle } from "../../src/postgresql/syslog-receiver.js";

export const SETUP = readFileSync(new URL("../capture/setup.sql", import.meta.url), "utf8");

/**
 * A suite that needs a live server writing this form: skipped, with the reason in its name, where there is none.
 * With RULEWRIGHT_REQUIRE_POSTGRES=1 a missing server is a failure; a missing syslog daemon still is not.
 */
export async function describeLive(name: string, form: LogForm, suite: () => void): Promise<void> {
  const obstacle = process.env.RULEWRIGHT_REQUIRE_POSTGRES === "1" ? daemonObstacle(form) : await captureObstacle(form);
  if (obstacle === null) describe(name, suite);
  else describe.skip(`${name} (skipped: ${obstacle})`, suite);
}

function daemonObstacle(form: LogForm): string | null {
  return logFileOf(form) === null ? syslogObstacle() : null;
}
