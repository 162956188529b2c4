import type { Command } from "commander";
import { problem } from "../diagnostics/problem.js";

/** A verb as the list of all verbs shows it; what it does is loaded only when it is asked for. */
export interface Verb {
  readonly name: string;
  /** Behind the name: options and arguments. */
  readonly takes: string;
  readonly description: string;
  /** To the function that adds it to the program. */
  readonly load: () => Promise<(program: Command) => void>;
}

export const VERBS: readonly Verb[] = [
  {
    name: "build",
    takes: "[options]",
    description: "compile the definitions and the site policy into files for the manager, the agents and PostgreSQL",
    load: async () => (await import("./build.js")).addBuild,
  },
  {
    name: "test",
    takes: "[options] [filter]",
    description: "run the fixtures through the generated ruleset: every alert they expect, and no other",
    load: async () => (await import("./test.js")).addTest,
  },
  {
    name: "replay",
    takes: "[options] <file...>",
    description: "decide log lines as the manager would, and print alerts, decisions or a summary",
    load: async () => (await import("./replay.js")).addReplay,
  },
  {
    name: "conformance",
    takes: "[options] <directory>",
    description: "run a Wazuh ruleset's own test suite (*.ini) through the embedded engine, without a manager",
    load: async () => (await import("./conformance.js")).addConformance,
  },
  {
    name: "capture",
    takes: "[options]",
    description: "run the fixtures' statements on a private PostgreSQL server and keep what it logs",
    load: async () => (await import("./capture.js")).addCapture,
  },
  {
    name: "detections",
    takes: "[options]",
    description: "write what each rule sees, by statement, log form and preset, as the fixtures prove it",
    load: async () => (await import("./detections.js")).addDetections,
  },
  {
    name: "demo",
    takes: "",
    description: "replay the bundled captures of a real PostgreSQL through the generated files: one row per use case",
    load: async () => (await import("./demo.js")).addDemo,
  },
  {
    name: "plan",
    takes: "[options] <target>",
    description: "what a deployment would change on a target, file by file, rule by rule and verdict by verdict",
    load: async () => (await import("./plan.js")).addPlan,
  },
  {
    name: "deploy",
    takes: "[options] <target>",
    description: "put the build on a target: checked there before it is loaded, and undone when anything fails",
    load: async () => (await import("./deploy.js")).addDeploy,
  },
  {
    name: "verify",
    takes: "[options] <target> [log]",
    description: "ask the manager's logtest and the embedded engine about the same lines, and print every difference",
    load: async () => (await import("./verify.js")).addVerify,
  },
  {
    name: "drift",
    takes: "[options] <target>",
    description: "what differs on a target from the last deployment",
    load: async () => (await import("./drift.js")).addDrift,
  },
  {
    name: "rollback",
    takes: "[options] <target> [number]",
    description: "bring a target back to an earlier deployment, as a new deployment with the old content",
    load: async () => (await import("./rollback.js")).addRollback,
  },
  {
    name: "assess",
    takes: "[options] [uri]",
    description: "check a live PostgreSQL server, read-only, against what the rules and the site policy rely on",
    load: async () => (await import("./assess.js")).addAssess,
  },
];

/**
 * Adds the verb that the arguments ask for; where they ask for none, all of them by name only. So nothing is loaded that
 * is not needed: starting takes no longer than it must.
 */
export async function addVerbs(program: Command, args: readonly string[]): Promise<void> {
  const words = args.filter((word) => !word.startsWith("-"));
  const asked = words[0] === "help" ? words[1] : words[0];
  const verb = VERBS.find(({ name }) => name === asked);
  if (verb) {
    (await verb.load())(program);
    return;
  }
  if (words[0] === "help" && asked !== undefined) {
    throw problem(3, {
      code: "verb-unknown",
      message: `there is no command ${asked}`,
      hint: "rulewright --help lists them",
    });
  }
  program.configureHelp({
    subcommandTerm: (command) => {
      const { takes } = VERBS.find(({ name }) => name === command.name()) ?? { takes: "[command]" };
      return `${command.name()} ${takes}`.trim();
    },
  });
  for (const { name, description } of VERBS) program.command(name).description(description);
}
