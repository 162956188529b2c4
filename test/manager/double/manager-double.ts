/** A manager, or a cluster of them, in memory: its files, what it has loaded of them, and its logtest. */
import { randomBytes } from "node:crypto";
import { toAlert } from "../../../src/engine/alert.js";
import type { RuleNode } from "../../../src/engine/model.js";
import { createSession, type Session } from "../../../src/engine/session.js";
import { loadManager } from "../../../src/manager/plan/manager-ruleset.js";
import { MANAGER_FILES } from "../sample-manager.js";

/** What the master sends to the workers. */
const SYNCHRONISED = /^etc\/(?:rules|decoders|lists|shared)\//;
const RULESET = /^(?:etc\/(?:rules|decoders|lists)\/|etc\/ossec\.conf$|ruleset\/)/;
/** Records of deployments: lists that no configuration declares. */
const STATE = /^etc\/lists\/rulewright-/;

export interface NodeDouble {
  readonly name: string;
  readonly type: "manager" | "master" | "worker";
  files: Map<string, Buffer>;
  /** The files as they were when the ruleset was last loaded. */
  loaded: Map<string, Buffer>;
  /** Checks of integrity that have begun. */
  checks: number;
  /** A reload was asked for, and waits for the next check of integrity. */
  reloadPending: boolean;
  /** Checks of integrity until the files come. */
  lag: number;
  /** Never gets the files. */
  deaf: boolean;
  /** Never loads what it has. */
  stuck: boolean;
  /** Checks its integrity no more. */
  lost: boolean;
}

export class ManagerDouble {
  readonly nodes: NodeDouble[];
  readonly #sessions = new Map<string, { session: Session; level: number }>();

  constructor(workers: readonly string[] = [], over: Readonly<Record<string, string>> = {}) {
    const files = () =>
      new Map(Object.entries({ ...MANAGER_FILES, ...over }).map(([path, text]) => [path, Buffer.from(text)]));
    const node = (name: string, type: NodeDouble["type"]): NodeDouble => {
      const own = files();
      return {
        name,
        type,
        files: own,
        loaded: new Map(own),
        checks: 0,
        reloadPending: false,
        lag: 0,
        deaf: false,
        stuck: false,
        lost: false,
      };
    };
    this.nodes = [
      node(workers.length > 0 ? "master-node" : "manager", workers.length > 0 ? "master" : "manager"),
      ...workers.map((name) => node(name, "worker")),
    ];
  }

  /** Another one in the same state, as far as files go. */
  copy(): ManagerDouble {
    const copy = new ManagerDouble(this.nodes.slice(1).map(({ name }) => name));
    copy.nodes.forEach((node, index) => {
      const { files, loaded } = this.nodes[index]!;
      Object.assign(node, { files: new Map(files), loaded: new Map(loaded) });
    });
    return copy;
  }

  /** The same files everywhere, records of deployments included, and the same ones loaded. */
  isLike(other: ManagerDouble): boolean {
    const text = ({ nodes }: ManagerDouble) =>
      JSON.stringify(nodes.map(({ files, loaded }) => [files, loaded].map((each) => [...each].sort().map(String))));
    return text(this) === text(other);
  }

  get master(): NodeDouble {
    return this.nodes[0]!;
  }

  get files(): Map<string, Buffer> {
    return this.master.files;
  }

  node(name: string): NodeDouble | undefined {
    return this.nodes.find((each) => each.name === name);
  }

  /** Whether the manager's ruleset would load, and what its loader says. */
  check(files = this.files): { readonly loads: boolean; readonly messages: readonly string[] } {
    const { ruleset, diagnostics } = loadManager(files);
    const messages = diagnostics.map(({ severity, message }) => `${severity.toUpperCase()}: ${message}`);
    return { loads: ruleset !== null, messages };
  }

  /** Loads the ruleset of one node; the messages of its loader, or null when the old one keeps running. */
  load(node: NodeDouble): readonly string[] | null {
    const { loads, messages } = this.check(node.files);
    if (!loads) return null;
    if (!node.stuck) node.loaded = new Map(node.files);
    return messages;
  }

  /** What the cluster does every few seconds. */
  integrityCheck(): void {
    for (const worker of this.nodes.slice(1)) {
      if (worker.lost) continue;
      worker.checks++;
      if (worker.deaf || worker.lag-- > 0) continue;
      const own = [...worker.files].filter(([path]) => !SYNCHRONISED.test(path));
      const masters = [...this.files].filter(([path]) => SYNCHRONISED.test(path));
      worker.files = new Map([...own, ...masters]);
      // What comes of it stands in a log that no request shows.
      if (worker.reloadPending) this.load(worker);
      worker.reloadPending = false;
    }
  }

  isSynchronised(node: NodeDouble): boolean {
    const of = (files: Map<string, Buffer>) =>
      JSON.stringify([...files].filter(([path]) => SYNCHRONISED.test(path)).sort(([a], [b]) => (a < b ? -1 : 1)));
    return of(node.files) === of(this.files);
  }

  /** The rules that a node has loaded, as its analysisd tells them. */
  rulesOf({ loaded }: NodeDouble): object[] {
    const told = ({ rule, children }: RuleNode): object => ({
      sigid: rule.id,
      level: rule.level,
      comment: rule.description,
      group: rule.groupText,
      ...(children.length > 0 && { children: children.map(told) }),
    });
    return loadManager(loaded).ruleset?.rules.map(told) ?? [];
  }

  logtest(asked: { event: string; location: string; token?: string }): object {
    const known = asked.token === undefined ? undefined : this.#sessions.get(asked.token);
    const messages: string[] = [];
    let token = asked.token ?? "";
    let own = known;
    if (!own) {
      const { ruleset, diagnostics, logAlertLevel } = loadManager(this.files);
      if (!ruleset) return { error: 1, message: "ERROR: (7311): Failure to initialize session" };
      token = randomBytes(4).toString("hex");
      messages.push(...diagnostics.map(({ message }) => `WARNING: (7000): ${message}`));
      messages.push(`INFO: (7202): Session initialized with token '${token}'`);
      own = { session: createSession(ruleset, { logAlertLevel }), level: logAlertLevel };
      this.#sessions.set(token, own);
    }
    const decision = own.session.process({
      event: Buffer.from(asked.event),
      location: asked.location,
      at: Date.now() / 1000,
    });
    const output = decision.error ? undefined : toAlert(decision);
    const codemsg = decision.error ? -1 : messages.length > 1 ? 1 : 0;
    return { error: 0, data: { messages, token, output, alert: decision.alert ?? false, codemsg } };
  }

  closeSession(token: string): boolean {
    return this.#sessions.delete(token);
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  /** What decides events, on disk and loaded, node by node: one text per state, so that states can be compared. */
  snapshot(): { readonly onDisk: string; readonly loaded: string } {
    const text = (files: Map<string, Buffer>, pattern: RegExp) =>
      [...files]
        .filter(([path]) => pattern.test(path) && !STATE.test(path) && !path.endsWith(".backup"))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([path, bytes]) => `== ${path}\n${bytes.toString("latin1").replace(/\s+/g, " ")}`)
        .join("\n");
    return {
      onDisk: this.nodes.map(({ name, files }) => `# ${name}\n${text(files, /^(?:etc|ruleset)\//)}`).join("\n"),
      loaded: this.nodes.map(({ name, loaded }) => `# ${name}\n${text(loaded, RULESET)}`).join("\n"),
    };
  }
}
