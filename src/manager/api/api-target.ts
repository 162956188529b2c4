/** A manager, or the master of a cluster, by its API. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { ApiTargetConfig } from "../deploy-config.js";
import type {
  Address,
  FileKind,
  LogtestSession,
  ManagerFiles,
  ReloadResult,
  StateStore,
  Target,
  TargetFacts,
  WaitOptions,
} from "../target.js";
import { unacceptable } from "./acceptable.js";
import { ApiClient, type ApiClientOptions } from "./api-client.js";
import { ApiFiles } from "./api-files.js";
import { ApiLogtest } from "./api-logtest.js";
import { ApiState, isState } from "./api-state.js";
import { Cluster } from "./cluster.js";
import { passwordOf } from "./password.js";
import { missingActions, neededActions } from "./permissions.js";

/** How patient the client is; the defaults are for managers, tests have less time. */
export type Patience = Pick<ApiClientOptions, "requestMs" | "retriesMs" | "busyMs"> & {
  readonly askEveryMs?: number;
  readonly settlesInMs?: number;
};

export class ApiTarget implements Target {
  readonly name: string;
  readonly place: string;
  readonly state: StateStore;
  readonly #client: ApiClient;
  readonly #cluster: Cluster;
  readonly #files: ApiFiles;
  readonly #agentGroup: boolean;

  /** Asks for the password where deploy.yaml says so; connects with the first question. */
  static async open(
    name: string,
    config: ApiTargetConfig,
    tell?: (line: string) => void,
    patience: Patience = {},
  ): Promise<ApiTarget> {
    return new ApiTarget(name, config, await passwordOf(name, config), patience, tell);
  }

  private constructor(
    name: string,
    { url, user, ca, fingerprint, agent_group }: ApiTargetConfig,
    password: string,
    { askEveryMs, settlesInMs, ...patience }: Patience,
    tell?: (line: string) => void,
  ) {
    this.name = name;
    this.#client = new ApiClient({ url, user, password, ca, fingerprint, tell, ...patience });
    this.place = this.#client.place;
    this.#cluster = new Cluster(this.#client, askEveryMs);
    this.#files = new ApiFiles(this.#client, async (node) => `${await this.#cluster.nodePath(node)}/configuration`);
    this.state = new ApiState(this.#files, settlesInMs);
    this.#agentGroup = agent_group !== undefined;
  }

  async facts(): Promise<TargetFacts> {
    const nodes = await this.#cluster.nodes();
    const needed = neededActions(await this.#cluster.isCluster(), this.#agentGroup);
    const missing = await missingActions(this.#client, needed);
    return {
      version: nodes[0]?.version ?? null,
      nodes,
      missingPermissions: missing.map((action) => `the API's user may not ${action}`),
    };
  }

  groups(): Promise<readonly string[]> {
    return this.#files.groups();
  }

  async list(kind: FileKind): Promise<readonly string[]> {
    const names = await this.#files.list(kind);
    return kind === "lists" ? names.filter((name) => !isState(name)) : names;
  }

  read(address: Address): Promise<Uint8Array | null> {
    return this.#files.read(address);
  }

  write(address: Address, bytes: Uint8Array): Promise<void> {
    return this.#files.write(address, bytes);
  }

  remove(address: Address): Promise<void> {
    return this.#files.remove(address);
  }

  refusalOf(address: Address, bytes: Uint8Array): Diagnostic | null {
    return unacceptable(address, bytes);
  }

  async installed(): Promise<ManagerFiles> {
    const [first] = await this.#cluster.nodes();
    const { files, unreadable } = await this.#files.installed(first!.name);
    const ours = (path: string) => path.startsWith("etc/lists/") && isState(path.slice("etc/lists/".length));
    return { files: new Map([...files].filter(([path]) => !ours(path))), unreadable };
  }

  validate(): Promise<readonly string[]> {
    return this.#cluster.validate();
  }

  async openLogtest(): Promise<LogtestSession> {
    return new ApiLogtest(this.#client);
  }

  synchronise(options: WaitOptions): Promise<void> {
    return this.#cluster.synchronise(options);
  }

  reload(options: WaitOptions): Promise<ReloadResult> {
    return this.#cluster.reload(options);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
