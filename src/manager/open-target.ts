import { problem } from "../diagnostics/problem.js";
import { ApiTarget } from "./api/api-target.js";
import type { TargetConfig } from "./deploy-config.js";
import { DirectoryTarget } from "./directory/directory-target.js";
import type { Target } from "./target.js";

const DEFAULT_TIMEOUT_S = 120;

/** A manager that deploy.yaml names. */
export interface OpenTarget {
  readonly target: Target;
  readonly agentGroup: string | null;
  readonly timeoutMs: number;
}

/** Throws a Problem for a target that is no manager, or cannot be opened. `tell` takes a line for a person who waits. */
export async function openTarget(
  name: string,
  config: TargetConfig,
  tell?: (line: string) => void,
): Promise<OpenTarget> {
  if (config.kind === "postgresql")
    throw problem(3, {
      code: "target-no-manager",
      message: `${name} is a PostgreSQL target: only plan and deploy are for it`,
    });
  const { agent_group: agentGroup = null, timeout = DEFAULT_TIMEOUT_S } = config;
  return { target: await managerOf(name, config, tell), agentGroup, timeoutMs: timeout * 1000 };
}

async function managerOf(
  name: string,
  config: Exclude<TargetConfig, { kind: "postgresql" }>,
  tell?: (line: string) => void,
): Promise<Target> {
  if (config.kind === "api") return ApiTarget.open(name, config, tell);
  const { root = "/var/ossec", owner = "wazuh", group = "wazuh", mode = "0660" } = config;
  return DirectoryTarget.open({ name, root, owner, group, mode: Number.parseInt(mode, 8) });
}
