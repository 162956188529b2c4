import { describe, expect, it } from "vitest";
import { EngineEvent } from "../../../src/engine/event.js";
import type { Rule } from "../../../src/engine/model.js";
import { predecode } from "../../../src/engine/predecoder.js";
import { EventMemory, EventQueue, type Recorder } from "../../../src/engine/rules/event-list.js";

const once = { id: 1 } as Rule;
const twice = { id: 2 } as Rule;
const never = { id: 3 } as Rule;

/** Keeps apart by id, and takes nothing without one. */
const recorder: Recorder = {
  index: 0,
  comparesFields: false,
  keyOf: (event) => event.id,
  accepts: (event) => event.log !== "refused",
};

function memoryOf(maxFrequency: number): EventMemory {
  return new EventMemory(1, maxFrequency);
}

function add(memory: EventMemory, added: EngineEvent): void {
  const recorders = added.rule === never ? [] : added.rule === twice ? [recorder, recorder] : [recorder];
  memory.add(added, recorders);
}

function event(rule: Rule, time: number, id: string | null = "a", log = "x"): EngineEvent {
  const made = new EngineEvent(log, predecode(log, "stdin", "mgr")!, time);
  made.rule = rule;
  made.id = id;
  return made;
}

describe("find", () => {
  it("yields the accepted events of the same key, newest first", () => {
    const memory = memoryOf(100);
    for (const added of [
      event(once, 1),
      event(once, 2, "b"),
      event(twice, 3),
      event(never, 4),
      event(once, 5, "a", "refused"),
    ])
      add(memory, added);
    const found = memory.find(recorder, event(once, 6, "a", "refused"))!;
    expect(Array.from({ length: found.length }, (_, age) => found.fromNewest(age).time)).toEqual([3, 3, 1]);
    expect(memory.find(recorder, event(once, 6, null))).toBeUndefined();
  });
});

describe("of an earlier event", () => {
  it("is kept what searches ask for, and that a composite rule has used it up", () => {
    const memory = memoryOf(100);
    const added = event(once, 7);
    added.matched = 5;
    add(memory, added);
    expect(memory.find(recorder, event(once, 8))!.fromNewest(0)).toMatchObject({
      time: 7,
      fullLog: "x",
      decoder: null,
      matched: 5,
      whole: null,
    });
  });

  it("all is kept where a search compares fields", () => {
    const memory = memoryOf(100);
    const comparing: Recorder = { ...recorder, comparesFields: true };
    const added = event(once, 7);
    memory.add(added, [recorder, comparing]);
    expect(memory.find(recorder, event(once, 8))!.fromNewest(0).whole).toBe(added);
  });
});

describe("eviction", () => {
  it("the oldest ten go when the memory is full, from every queue", () => {
    const memory = memoryOf(100);
    for (let i = 0; i < 8192; i++) add(memory, event(i % 2 === 0 ? once : twice, 1000, i < 8 ? "old" : "a"));
    add(memory, event(once, 1000));
    expect(memory.size).toBe(8183);
    expect(memory.find(recorder, event(once, 1000, "old"))).toBeUndefined();
    expect(memory.find(recorder, event(once, 1000))!.length).toBe((8184 / 2) * 3 - 3 + 1);
  });

  it("and all that are older than the largest frequency has seconds", () => {
    const memory = memoryOf(100);
    for (let i = 0; i < 8192; i++) add(memory, event(once, i < 5000 ? 899 : 900));
    add(memory, event(once, 1000));
    expect(memory.size).toBe(3193);
  });

  it("never grows", () => {
    const memory = memoryOf(1e9);
    let largest = 0;
    for (let i = 0; i < 50_000; i++) {
      add(memory, event(once, i));
      largest = Math.max(largest, memory.size);
    }
    expect(largest).toBe(8192);
    expect(memory.find(recorder, event(once, 0))!.fromNewest(0).time).toBe(49_999);
  });
});

it("a queue keeps its order while its front goes", () => {
  const queue = new EventQueue<EngineEvent>();
  for (let time = 0; time < 100; time++) {
    queue.push(event(once, time));
    if (time >= 3) queue.dropOldest();
    expect(queue.oldest.time).toBe(Math.max(0, time - 2));
    expect(queue.fromNewest(0).time).toBe(time);
  }
  expect(queue.length).toBe(3);
});
