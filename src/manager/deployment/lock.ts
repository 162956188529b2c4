/** One deployment at a time on a target, whichever machine it runs on. */
import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { problem } from "../../diagnostics/problem.js";
import type { StateStore } from "../target.js";

export interface LockTimes {
  /** How often the owner says that it is alive. */
  readonly beatMs: number;
  /** An owner that has not said so for this long, as seen by the one who waits, is dead. */
  readonly deadMs: number;
}

const TIMES: LockTimes = { beatMs: 10_000, deadMs: 45_000 };
const NAME = "lock";

interface Owner {
  readonly token: string;
  /** `user@host, process 123`: for people. */
  readonly who: string;
  /** Where the process id means something; null where that cannot be told. */
  readonly machine: string | null;
  readonly pid: number;
  /** When that process began, in the kernel's count: process ids are given again. Null as above. */
  readonly began: string | null;
  /** Grows while the owner lives. No two clocks are compared. */
  readonly beat: number;
  /** So long the owner may be silent before its beats are missed. */
  readonly silentMs: number;
}

/**
 * Held until `release`. Work that takes long must ask `assertHeld` before it changes anything: an owner that was stopped
 * for a while may have been taken for dead.
 */
export class DeploymentLock {
  readonly #state: StateStore;
  readonly #times: LockTimes;
  #owner: Owner;
  #confirmed = performance.now();
  #timer: NodeJS.Timeout | null = null;
  #beating: Promise<void> | null = null;

  private constructor(state: StateStore, owner: Owner, times: LockTimes) {
    this.#state = state;
    this.#owner = owner;
    this.#times = times;
  }

  /**
   * Throws a Problem when another deployment is under way. The lock of one that died is taken over: at once where its
   * process can be seen to be gone, else after it has given no sign of life.
   */
  static async acquire(state: StateStore, times: LockTimes = TIMES): Promise<DeploymentLock> {
    const owner: Owner = {
      token: randomUUID(),
      who: `${whoAmI()}, process ${process.pid}`,
      machine: thisMachine(),
      pid: process.pid,
      began: beginOf(process.pid),
      beat: 0,
      silentMs: 0,
    };
    while (!(await state.create(NAME, pack(owner)))) {
      const other = await state.read(NAME);
      if (other === null) continue;
      if (!(await isDead(state, other, times))) throw taken(unpack(other));
      // Only if nobody else has taken over meanwhile.
      const now = await state.read(NAME);
      if (now && Buffer.compare(now, other) === 0) await state.remove(NAME);
    }
    const lock = new DeploymentLock(state, owner, times);
    await sleep(state.settlesInMs);
    // Where making it was no single step on the target, the one that is read back has won.
    const winner = await state.read(NAME).catch(async (error) => {
      await lock.release().catch(() => {});
      throw error;
    });
    if (!winner || unpack(winner)?.token !== owner.token) throw taken(winner && unpack(winner));
    lock.#startBeating();
    return lock;
  }

  /** Throws a Problem when another has taken over. */
  async assertHeld(): Promise<void> {
    await this.#beating;
    if (performance.now() - this.#confirmed <= 2 * this.#times.beatMs) return;
    if (this.#timer) return this.#beat();
    await this.#look();
    this.#confirmed = performance.now();
  }

  /**
   * A task during which the target's files stay as they are: the lock may be one of them, and a cluster in which a file
   * changes every few seconds never has all its nodes in step. It is given up for dead only so much later.
   */
  async silently<T>(forMs: number, task: () => Promise<T>): Promise<T> {
    this.#stopBeating();
    await this.#beating;
    await this.#beat(forMs);
    try {
      return await task();
    } finally {
      this.#startBeating();
    }
  }

  async release(): Promise<void> {
    this.#stopBeating();
    await this.#beating;
    const found = await this.#state.read(NAME);
    if (found && unpack(found)?.token === this.#owner.token) await this.#state.remove(NAME);
  }

  #startBeating(): void {
    this.#timer = setInterval(() => this.#beatQuietly(), this.#times.beatMs);
    this.#timer.unref();
  }

  #stopBeating(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  async #look(): Promise<void> {
    const found = await this.#state.read(NAME);
    const owner = found && unpack(found);
    if (owner?.token !== this.#owner.token) throw taken(owner);
  }

  async #beat(silentMs = 0): Promise<void> {
    await this.#look();
    this.#owner = { ...this.#owner, beat: this.#owner.beat + 1, silentMs };
    await this.#state.write(NAME, pack(this.#owner));
    this.#confirmed = performance.now();
  }

  /** A beat that fails is made up for by `assertHeld`, which tells why. */
  #beatQuietly(): void {
    this.#beating ??= this.#beat()
      .catch(() => {})
      .finally(() => {
        this.#beating = null;
      });
  }
}

async function isDead(state: StateStore, seen: Uint8Array, { deadMs }: LockTimes): Promise<boolean> {
  const owner = unpack(seen);
  if (owner && owner.machine !== null && owner.machine === thisMachine())
    return !isAlive(owner.pid) || (owner.began !== null && beginOf(owner.pid) !== owner.began);
  const deadline = performance.now() + deadMs + (owner?.silentMs ?? 0);
  while (performance.now() < deadline) {
    await sleep(Math.min(1000, deadMs / 10));
    const now = await state.read(NAME);
    if (!now || Buffer.compare(now, seen) !== 0) return false;
  }
  return true;
}

function taken(owner: Owner | null) {
  return problem(2, {
    code: "deployment-under-way",
    message: `another deployment is under way on this target: ${owner?.who ?? "it has just begun"}`,
    hint: "wait for it; one that died is taken over by itself",
  });
}

/** The 22nd member of a process's state, of which the second, its name, may hold anything. */
function beginOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

/** A process id means something within one boot and one process namespace: containers share neither. */
function thisMachine(): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return null;
  }
}

export function whoAmI(): string {
  return `${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else's is alive too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function pack(owner: Owner): Uint8Array {
  return Buffer.from(JSON.stringify(owner));
}

/** Null for what is no lock of ours, or half of one. */
function unpack(bytes: Uint8Array): Owner | null {
  try {
    const owner = JSON.parse(Buffer.from(bytes).toString()) as Partial<Owner>;
    return typeof owner.token === "string" ? (owner as Owner) : null;
  } catch {
    return null;
  }
}
