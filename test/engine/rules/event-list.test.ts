import { describe, expect, it } from "vitest";
import { EngineEvent } from "../../../src/engine/event.js";
import type { Rule } from "../../../src/engine/model.js";
import { predecode } from "../../../src/engine/predecoder.js";
import { EventMemory } from "../../../src/engine/rules/event-list.js";

const group = { id: 2 } as Rule;
const bySid = { id: 1, recordedBySid: true, recordedByGroups: [] } as unknown as Rule;
const byGroups = { id: 3, recordedBySid: false, recordedByGroups: [group, group] } as unknown as Rule;

function event(rule: Rule, time: number): EngineEvent {
  const made = new EngineEvent("x", predecode("x", "stdin", "mgr")!, time);
  made.rule = rule;
  return made;
}

describe("eviction", () => {
  it("the oldest ten go when the memory is full, from every list", () => {
    const memory = new EventMemory(100);
    for (let i = 0; i < 8192; i++) memory.add(event(i % 2 === 0 ? bySid : byGroups, 1000));
    expect(memory.all.length).toBe(8192);
    memory.add(event(bySid, 1000));
    expect(memory.all.length).toBe(8183);
    expect(memory.ofSid(bySid).length).toBe(4096 + 1 - 5);
    // A rule with two nodes is in its group's list twice.
    expect(memory.ofGroup(group).length).toBe(2 * (4096 - 5));
  });

  it("and all that are older than the largest frequency has seconds", () => {
    const memory = new EventMemory(100);
    for (let i = 0; i < 8192; i++) memory.add(event(bySid, i < 5000 ? 899 : 900));
    memory.add(event(bySid, 1000));
    expect(memory.all.length).toBe(3193);
  });

  it("never grows", () => {
    const memory = new EventMemory(1e9);
    for (let i = 0; i < 100_000; i++) {
      memory.add(event(bySid, i));
      if (memory.all.length > 8192) throw new Error(`${memory.all.length} events`);
    }
    expect(memory.ofSid(bySid).fromNewest(0).time).toBe(99_999);
  });
});
