import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiTarget, type Patience } from "../../../src/manager/api/api-target.js";
import { ApiDouble, PASSWORD, USER } from "../double/api-double.js";
import { FINGERPRINT } from "../double/certificate.js";
import { ManagerDouble } from "../double/manager-double.js";

export const GROUP = "databases";

/** Nothing is asked twice, and nothing waited for. */
export const AT_ONCE: Patience = { requestMs: 2_000, retriesMs: [], busyMs: [], askEveryMs: 5, settlesInMs: 0 };

export const passwordFile = join(mkdtempSync(join(tmpdir(), "rulewright-password-")), "password");
writeFileSync(passwordFile, `${PASSWORD}\n`);

export function openApi(url: string, patience: Patience = AT_ONCE, tell?: (line: string) => void): Promise<ApiTarget> {
  const config = {
    kind: "api",
    url,
    user: USER,
    password_file: passwordFile,
    fingerprint: FINGERPRINT,
    agent_group: GROUP,
  } as const;
  return ApiTarget.open("double", config, tell, patience);
}

/** A running double, for one task: with these workers, or in the state of this one. */
export async function withDouble<T>(
  of: readonly string[] | ManagerDouble,
  task: (double: ApiDouble, url: string) => Promise<T>,
): Promise<T> {
  const double = new ApiDouble(of instanceof ManagerDouble ? of.copy() : new ManagerDouble(of));
  const url = await double.start();
  try {
    return await task(double, url);
  } finally {
    await double.stop();
  }
}
