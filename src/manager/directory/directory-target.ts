/** A manager on this machine, or any directory that is laid out like one. */
import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { problem, systemReason } from "../../diagnostics/problem.js";
import {
  type Address,
  addressText,
  FILE_KINDS,
  type FileKind,
  type LogtestSession,
  type ManagerFiles,
  type ReloadResult,
  type StateStore,
  type Target,
  type TargetFacts,
  type WaitOptions,
} from "../target.js";
import { groupId, userId } from "./accounts.js";
import { type Ownership, ownershipOf, removeDurably, TEMPORARY, writeDurably } from "./durable-file.js";
import { localFacts } from "./local-facts.js";
import { isContent, localFiles } from "./local-files.js";
import { askManager, isListening } from "./manager-socket.js";
import { SocketLogtest } from "./socket-logtest.js";
import { StateDirectory } from "./state-directory.js";

export interface DirectoryTargetOptions {
  readonly name: string;
  readonly root: string;
  /** Name or number. */
  readonly owner: string;
  readonly group: string;
  readonly mode: number;
}

/** Below the manager's root; nothing of the manager's own looks there. */
const STATE = "var/rulewright";
const CHECK_TIMEOUT_MS = 120_000;

export class DirectoryTarget implements Target {
  readonly name: string;
  readonly place: string;
  readonly state: StateStore;
  readonly #root: string;
  readonly #owner: Ownership;

  private constructor(name: string, root: string, owner: Ownership) {
    this.name = name;
    this.place = root;
    this.#root = root;
    this.#owner = owner;
    this.state = new StateDirectory(join(root, STATE));
  }

  /** Throws a Problem where there is no manager, or no such owner. */
  static async open({ name, root, owner, group, mode }: DirectoryTargetOptions): Promise<DirectoryTarget> {
    if (!existsSync(join(root, "etc/ossec.conf")))
      throw problem(3, {
        code: "target-no-manager",
        message: `${root} is no manager's directory: it has no etc/ossec.conf`,
        hint: "correct root of this target in deploy.yaml",
      });
    return new DirectoryTarget(name, root, { uid: await userId(owner), gid: await groupId(group), mode });
  }

  facts(): Promise<TargetFacts> {
    return localFacts(this.#root, this.#owner);
  }

  async groups(): Promise<readonly string[]> {
    const entries = await this.#told("read etc/shared", () =>
      readdir(join(this.#root, "etc/shared"), { withFileTypes: true }),
    );
    return (entries ?? []).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  }

  async list(kind: FileKind): Promise<readonly string[]> {
    const entries = await this.#told(`read etc/${kind}`, () =>
      readdir(join(this.#root, "etc", kind), { withFileTypes: true }),
    );
    return (entries ?? [])
      .filter((entry) => !entry.isDirectory() && isContent(entry.name))
      .map((entry) => entry.name)
      .sort();
  }

  read(address: Address): Promise<Uint8Array | null> {
    return this.#told(`read ${addressText(address)}`, () => readFile(this.#path(address)));
  }

  async write(address: Address, bytes: Uint8Array): Promise<void> {
    const path = this.#path(address);
    await this.#told(
      `write ${addressText(address)}`,
      // What belongs to somebody else, as ossec.conf does, stays theirs.
      async () => {
        const theirs = address.kind === "configuration" || address.kind === "group" ? await ownershipOf(path) : null;
        await writeDurably(path, bytes, theirs ?? this.#owner);
      },
      false,
    );
  }

  async remove(address: Address): Promise<void> {
    const path = this.#path(address);
    await this.#told(`remove ${addressText(address)}`, () => removeDurably(path));
    // What the manager has compiled of a list would live on.
    if (address.kind === "lists") await this.#told(`remove ${path}.cdb`, () => removeDurably(`${path}.cdb`));
  }

  installed(): Promise<ManagerFiles> {
    return localFiles(this.#root);
  }

  async validate(): Promise<readonly string[] | null> {
    const analysis = join(this.#root, "bin/wazuh-analysisd");
    if (!existsSync(analysis)) return null;
    const { execa } = await import("execa");
    const result = await execa(analysis, ["-t"], { reject: false, timeout: CHECK_TIMEOUT_MS, all: true });
    if (result.exitCode === 0) return [];
    const lines = String(result.all ?? "").split("\n");
    const complaints = lines.filter((line) => /\b(?:ERROR|CRITICAL)\b/.test(line));
    return complaints.length > 0 ? complaints : [`${analysis} -t ended with ${result.exitCode ?? result.signal}`];
  }

  async openLogtest(): Promise<LogtestSession | null> {
    const socket = join(this.#root, "queue/sockets/logtest");
    return (await isListening(socket)) ? new SocketLogtest(socket) : null;
  }

  /** One node has what it has. */
  async synchronise(): Promise<void> {}

  async reload({ timeoutMs }: WaitOptions): Promise<ReloadResult> {
    const socket = join(this.#root, "queue/sockets/analysis");
    const control = join(this.#root, "bin/wazuh-control");
    if (!(await isListening(socket)))
      return {
        state: "by-hand",
        hint: `no manager runs in ${this.#root}; load the new ruleset with: ${control} restart`,
      };
    const { error, message = "", data } = await askManager(socket, "reload-ruleset", {}, timeoutMs);
    const messages = Array.isArray(data) ? data.map(String) : [];
    if (error === 0) return { state: "reloaded", messages };
    if (/unrecognized command/i.test(message) && existsSync(control)) return this.#reloadAll(control, timeoutMs);
    throw problem(1, {
      code: "reload-refused",
      message: `the manager does not load the ruleset: ${[message, ...messages].join("; ")}`,
    });
  }

  /** Managers before 4.13 have no reload of the ruleset alone. */
  async #reloadAll(control: string, timeout: number): Promise<ReloadResult> {
    const { execa } = await import("execa");
    const result = await execa(control, ["reload"], { reject: false, timeout, all: true });
    if (result.exitCode === 0) return { state: "reloaded", messages: [] };
    throw problem(1, {
      code: "reload-refused",
      message: `${control} reload ended with ${result.exitCode ?? result.signal}: ${String(result.all ?? "").trim()}`,
    });
  }

  async tidy(): Promise<void> {
    for (const kind of ["", ...FILE_KINDS]) {
      const folder = join(this.#root, "etc", kind);
      const names = await readdir(folder).catch(() => []);
      for (const name of names) if (name.endsWith(TEMPORARY)) await rm(join(folder, name), { force: true });
    }
  }

  async close(): Promise<void> {}

  #path(address: Address): string {
    if (address.kind === "configuration") return join(this.#root, "etc/ossec.conf");
    if (address.kind === "group") return join(this.#root, "etc/shared", address.name, "agent.conf");
    return join(this.#root, "etc", address.kind, address.name);
  }

  /** What is not there is null, unless it had to be. */
  async #told<T>(what: string, task: () => Promise<T>, mayLack = true): Promise<T | null> {
    try {
      return await task();
    } catch (error) {
      if (mayLack && (error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw problem(2, { code: "target-unusable", message: `cannot ${what} in ${this.#root}: ${systemReason(error)}` });
    }
  }
}
