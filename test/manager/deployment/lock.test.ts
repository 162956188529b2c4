import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { DeploymentLock } from "../../../src/manager/deployment/lock.js";
import type { StateStore } from "../../../src/manager/target.js";

const TIMES = { beatMs: 40, deadMs: 400 };

/** A store in memory; `writes` counts what changed in it. */
class MemoryState implements StateStore {
  settlesInMs = 0;
  writes = 0;
  readonly kept = new Map<string, Uint8Array>();
  async names() {
    return [...this.kept.keys()];
  }
  async read(name: string) {
    return this.kept.get(name) ?? null;
  }
  async create(name: string, bytes: Uint8Array) {
    if (this.kept.has(name)) return false;
    await this.write(name, bytes);
    return true;
  }
  async write(name: string, bytes: Uint8Array) {
    this.writes++;
    this.kept.set(name, bytes);
  }
  async remove(name: string) {
    this.kept.delete(name);
  }
  /** The lock's owner, changed in some members. */
  disguise(members: object) {
    const owner = JSON.parse(Buffer.from(this.kept.get("lock")!).toString());
    this.kept.set("lock", Buffer.from(JSON.stringify({ ...owner, ...members })));
  }
}

/** Milliseconds until the lock is had. */
async function timeToTake(state: StateStore): Promise<number> {
  const start = performance.now();
  const lock = await DeploymentLock.acquire(state, TIMES);
  await lock.release();
  return performance.now() - start;
}

describe("the lock of a target", () => {
  test("is refused at once while its owner's process lives, and names it", async () => {
    const state = new MemoryState();
    const lock = await DeploymentLock.acquire(state, TIMES);
    await expect(timeToTake(state)).rejects.toThrow(`process ${process.pid}`);
    await lock.release();
    expect(await state.names()).toEqual([]);
  });

  test("is taken over at once where its process has ended, although another one has its number", async () => {
    for (const gone of [{ pid: 2 ** 30 }, { began: "1" }]) {
      const state = new MemoryState();
      const first = await DeploymentLock.acquire(state, TIMES);
      state.disguise({ token: "dead", ...gone });
      expect(await timeToTake(state)).toBeLessThan(TIMES.deadMs);
      await first.release();
    }
  });

  test("of another machine is taken over when no beat has come, and refused when one has", async () => {
    const state = new MemoryState();
    const first = await DeploymentLock.acquire(state, { ...TIMES, beatMs: 10_000 });
    state.disguise({ machine: "another" });
    const beating = setInterval(() => state.disguise({ beat: Math.random() }), 20);
    const rival = timeToTake(state).finally(() => clearInterval(beating));
    await expect(rival).rejects.toThrow("another deployment is under way");
    expect(await timeToTake(state)).toBeGreaterThanOrEqual(TIMES.deadMs);
    await first.release();
  });

  test("changes nothing on the target during what is to be silent, and is not taken for dead then", async () => {
    const state = new MemoryState();
    const lock = await DeploymentLock.acquire(state, TIMES);
    await lock.silently(2_000, async () => {
      const before = state.writes;
      await sleep(4 * TIMES.beatMs);
      await lock.assertHeld();
      expect(state.writes).toBe(before);
      state.disguise({ machine: "another" });
      const rival = timeToTake(state);
      expect(await Promise.race([rival, sleep(TIMES.deadMs + 200, "waits")])).toBe("waits");
      rival.catch(() => {});
    });
    await sleep(5 * TIMES.beatMs);
    const owner = JSON.parse(Buffer.from(state.kept.get("lock")!).toString());
    expect([owner.silentMs, owner.beat > 1]).toEqual([0, true]);
    await lock.release();
  });

  test("whose owner was taken for dead is told so before it changes anything", async () => {
    const state = new MemoryState();
    const lock = await DeploymentLock.acquire(state, TIMES);
    state.disguise({ token: "another" });
    await sleep(3 * TIMES.beatMs);
    await expect(lock.assertHeld()).rejects.toThrow("another deployment is under way");
    await lock.release();
    expect(await state.names()).toEqual(["lock"]);
  });

  test("that two made at once is had by the one whose it is in the end", async () => {
    const state = new MemoryState();
    state.settlesInMs = 20;
    // Looks first and writes later, as the API does.
    state.create = async (name, bytes) => {
      if (state.kept.has(name)) return false;
      await sleep(5 * Math.random());
      await state.write(name, bytes);
      return true;
    };
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => DeploymentLock.acquire(state, TIMES)));
    const won = outcomes.filter(({ status }) => status === "fulfilled");
    expect(won).toHaveLength(1);
    await (won[0] as PromiseFulfilledResult<DeploymentLock>).value.release();
  });
});
