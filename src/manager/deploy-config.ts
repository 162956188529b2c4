/** `deploy.yaml`: where deployments go. It never holds a password. */
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Problem, problem } from "../diagnostics/problem.js";
import { readYaml, yamlSchema } from "../diagnostics/yaml-file.js";

export const DEPLOY_FILE = "deploy.yaml";

export type TargetConfig = ApiTargetConfig | DirectoryTargetConfig | PostgresqlTargetConfig;

/** A manager, or the master of a cluster, by its API. */
export interface ApiTargetConfig {
  readonly kind: "api";
  /** `https://manager:55000`. */
  readonly url: string;
  readonly user: string;
  /** Environment variable that holds the password; else a file, else a prompt on the terminal. */
  readonly password_env?: string;
  readonly password_file?: string;
  readonly password_prompt?: boolean;
  /** File of the certificate authority, in PEM. Default: the system's. */
  readonly ca?: string;
  /** SHA-256 of the manager's certificate in hex, with or without colons: for one that it signed itself. */
  readonly fingerprint?: string;
  /** Group of the agents on the database hosts: its agent.conf gets the log's `<localfile>`. */
  readonly agent_group?: string;
  /** Seconds that every node may take to have and load the ruleset. Default 120. */
  readonly timeout?: number;
}

/** A manager on this machine. */
export interface DirectoryTargetConfig {
  readonly kind: "directory";
  /** Default `/var/ossec`. */
  readonly root?: string;
  /** Whom the custom files belong to; names or numbers. Default `wazuh`. */
  readonly owner?: string;
  readonly group?: string;
  /** Octal, as text. Default `"0660"`. */
  readonly mode?: string;
  readonly agent_group?: string;
  readonly timeout?: number;
}

/** A database server: files to put there, and SQL to run, by hand. */
export interface PostgresqlTargetConfig {
  readonly kind: "postgresql";
  /** Where the files are written. */
  readonly directory: string;
}

const TEXT = { type: "string", minLength: 1 };
const SECONDS = { type: "integer", minimum: 1, maximum: 3600 };
/** What the manager's API takes for a group. */
const GROUP = { type: "string", pattern: "^(?!all$|\\.{1,2}$)[A-Za-z0-9.\\-_]+$" };

const kind = (name: string, required: readonly string[], properties: object) => ({
  if: { type: "object", properties: { kind: { const: name } }, required: ["kind"] },
  // biome-ignore lint/suspicious/noThenProperty: a JSON schema calls it so
  then: { type: "object", additionalProperties: false, required, properties: { kind: {}, ...properties } },
});

export const deploySchema = {
  type: "object",
  additionalProperties: false,
  required: ["targets"],
  properties: {
    targets: {
      type: "object",
      minProperties: 1,
      propertyNames: { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$" },
      additionalProperties: {
        type: "object",
        required: ["kind"],
        properties: { kind: { enum: ["api", "directory", "postgresql"] } },
        allOf: [
          kind("api", ["url", "user"], {
            url: { type: "string", pattern: "^https://[^/?#@\\s]+/?$" },
            user: TEXT,
            password_env: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_]*$" },
            password_file: TEXT,
            password_prompt: { type: "boolean" },
            ca: TEXT,
            fingerprint: { type: "string", pattern: "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$" },
            agent_group: GROUP,
            timeout: SECONDS,
          }),
          kind("directory", [], {
            root: { type: "string", pattern: "^/" },
            owner: TEXT,
            group: TEXT,
            mode: { type: "string", pattern: "^0?[0-7]{3}$" },
            agent_group: GROUP,
            timeout: SECONDS,
          }),
          kind("postgresql", ["directory"], { directory: TEXT }),
        ],
      },
    },
  },
};

const validate = yamlSchema<{ readonly targets: Readonly<Record<string, TargetConfig>> }>(deploySchema);

/** The entry of this name; paths in it are resolved against the file. Throws a Problem that names every fault. */
export async function readTargetConfig(file: string, name: string): Promise<TargetConfig> {
  if (!existsSync(file))
    throw problem(3, {
      code: "deploy-file-missing",
      message: `there is no ${file}`,
      hint: "write one (docs/deploy.md), or name it with --config",
    });
  const { value, locate } = await readYaml(file, validate, 3);
  const found = Object.entries(value.targets).flatMap(([key, config]) => {
    const message = config.kind === "api" ? apiFault(config) : null;
    return message
      ? [
          {
            code: "target-config",
            severity: "error" as const,
            message: `targets.${key} ${message}`,
            where: locate(["targets", key]),
          },
        ]
      : [];
  });
  if (found.length > 0) throw new Problem(3, found);
  const config = Object.hasOwn(value.targets, name) ? value.targets[name] : undefined;
  if (!config)
    throw problem(3, {
      code: "target-unknown",
      message: `there is no target ${JSON.stringify(name)} in ${file}`,
      hint: `its targets are ${Object.keys(value.targets).join(", ")}`,
    });
  return resolved(config, dirname(resolve(file)));
}

/** What no schema says in words that help. */
function apiFault({ password_env, password_file, password_prompt, ca, fingerprint }: ApiTargetConfig): string | null {
  const ways = [password_env !== undefined, password_file !== undefined, password_prompt === true].filter(
    Boolean,
  ).length;
  if (ways !== 1)
    return `names ${ways === 0 ? "no way" : "several ways"} to the password: it needs one of password_env, password_file and password_prompt: true`;
  if (ca !== undefined && fingerprint !== undefined)
    return "has both ca and fingerprint: one of them says which certificate is right";
  return null;
}

function resolved(config: TargetConfig, from: string): TargetConfig {
  const at = (path: string) => resolve(from, path);
  if (config.kind === "postgresql") return { ...config, directory: at(config.directory) };
  if (config.kind === "directory") return config;
  return {
    ...config,
    ...(config.ca !== undefined && { ca: at(config.ca) }),
    ...(config.password_file !== undefined && { password_file: at(config.password_file) }),
  };
}
