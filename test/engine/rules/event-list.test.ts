import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toBytes } from "../../../src/engine/bytes.js";
import { EngineEvent } from "../../../src/engine/event.js";
import type { Decoder, Rule } from "../../../src/engine/model.js";
import { predecode } from "../../../src/engine/predecoder.js";
import { EventMemory, type Recorder } from "../../../src/engine/rules/event-list.js";
import { NewestPlaces, NOWHERE, type Place, RememberedPlaces } from "../../../src/engine/rules/remembered-places.js";
import { RememberedTexts } from "../../../src/engine/rules/remembered-texts.js";

const once = { id: 1 } as Rule;
const twice = { id: 2 } as Rule;
const never = { id: 3 } as Rule;

/** Keeps apart by id, and takes nothing without one. */
const recorder: Recorder = {
  index: 0,
  keyOf: (event) => event.id,
  accepts: (event) => event.log !== "refused",
  comparedOf: () => null,
};

function memoryOf(maxFrequency: number, recorders = 1): EventMemory {
  return new EventMemory(recorders, maxFrequency);
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

/** Those that can count together with an event of this key, newest first. */
function found(memory: EventMemory, key: string | null = "a", of: Recorder = recorder): Place[] {
  const places: Place[] = [];
  for (let place = memory.newest(of, event(once, 0, key)); place !== NOWHERE; place = memory.olderThan(place)) {
    places.push(place);
  }
  return places;
}

describe("a search", () => {
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
    expect(found(memory).map((place) => memory.timeOf(place))).toEqual([3, 3, 1]);
    expect(found(memory, "b").map((place) => memory.timeOf(place))).toEqual([2]);
    expect(found(memory, "c")).toEqual([]);
    expect(found(memory, null)).toEqual([]);
  });

  it("meets the events of its own rule only", () => {
    const memory = memoryOf(100, 2);
    const other: Recorder = { ...recorder, index: 1 };
    memory.add(event(once, 1), [recorder]);
    memory.add(event(once, 2), [other]);
    memory.add(event(once, 3), [other, recorder]);
    expect(found(memory).map((place) => memory.timeOf(place))).toEqual([3, 1]);
    expect(found(memory, "a", other).map((place) => memory.timeOf(place))).toEqual([3, 2]);
  });
});

describe("of an earlier event", () => {
  it("is kept what searches ask for, and that a composite rule has used it up", () => {
    const memory = memoryOf(100);
    const decoder = { name: "d" } as Decoder;
    const added = event(once, 7, "a", "x\xe9");
    added.matched = 5;
    added.decoder = decoder;
    add(memory, added);
    const [place] = found(memory);
    expect(memory.timeOf(place!)).toBe(7);
    expect(memory.fullLogOf(place!)).toBe("x\xe9");
    expect(memory.decoderOf(place!)).toBe(decoder);
    expect(memory.matchedOf(place!)).toBe(5);
    expect(memory.comparedOf(place!)).toBeNull();
  });

  it("that it is used up shows in all lists", () => {
    const memory = memoryOf(100);
    add(memory, event(twice, 1));
    const [one, other] = found(memory);
    memory.useUp(one!, 3);
    expect([memory.matchedOf(one!), memory.matchedOf(other!)]).toEqual([3, 3]);
  });

  it("is kept what the search compares", () => {
    const memory = memoryOf(100);
    const comparing: Recorder = { ...recorder, comparedOf: ({ id }) => ({ hasFields: false, values: [id] }) };
    memory.add(event(once, 7), [recorder, comparing]);
    expect(found(memory).map((place) => memory.comparedOf(place))).toEqual([{ hasFields: false, values: ["a"] }, null]);
  });
});

it("a memory tells of each event what a list of objects would", () => {
  const step = fc.record({
    key: fc.constantFrom("a", "b", "c"),
    log: fc
      .oneof(
        fc.string({ maxLength: 20 }),
        fc.nat(20_000).map((length) => "l".repeat(length)),
      )
      .map(toBytes),
    kept: fc.boolean(),
    seconds: fc.constantFrom(0, 0, 1, 100),
    many: fc.constantFrom(1, 1, 1, 3_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const memory = memoryOf(150);
      let all: EngineEvent[] = [];
      let time = 0;
      for (const { key, log, kept, seconds, many } of steps) {
        time += seconds;
        for (let times = 0; times < many; times++) {
          const added = event(kept ? once : never, time, key, many > 1 ? `${log.slice(0, 5)}${times}` : log);
          add(memory, added);
          all.push(added);
          if (all.length > 8192) {
            const stays = all.findIndex((each, index) => index >= 10 && time - each.time <= 150);
            all = all.slice(stays);
          }
        }
      }
      for (const key of ["a", "b", "c"]) {
        const expected = all.filter(({ rule, id }) => rule === once && id === key).reverse();
        const places = found(memory, key);
        expect(places.map((place) => memory.fullLogOf(place))).toEqual(expected.map(({ fullLog }) => fullLog));
        expect(places.map((place) => memory.timeOf(place))).toEqual(expected.map((each) => each.time));
      }
      expect(memory.size).toBe(all.length);
    }),
    { numRuns: 100 },
  );
});

describe("eviction", () => {
  it("the oldest ten go when the memory is full, from every list", () => {
    const memory = memoryOf(100);
    for (let i = 0; i < 8192; i++) add(memory, event(i % 2 === 0 ? once : twice, 1000, i < 8 ? "old" : "a"));
    add(memory, event(once, 1000));
    expect(memory.size).toBe(8183);
    expect(found(memory, "old")).toEqual([]);
    expect(found(memory).length).toBe((8184 / 2) * 3 - 3 + 1);
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
    expect(memory.timeOf(found(memory)[0]!)).toBe(49_999);
  });
});

describe("lists", () => {
  it("are forgotten with their last event, and no other", () => {
    const places = new RememberedPlaces();
    const lists = new NewestPlaces(places);
    for (let event = 0; event < 1_000; event++) {
      places.forgetBefore(event - 10);
      lists.set(`${event}`, places.add(event, NOWHERE, null));
      const found = Array.from({ length: event + 1 }, (_, each) => lists.of(`${each}`));
      expect(found.findIndex((place) => place !== NOWHERE)).toBe(Math.max(0, event - 10));
      expect(found.slice(-11)).not.toContain(NOWHERE);
    }
    // Twice as many as live, and as many as are there before the first look.
    expect(lists.size).toBeLessThan(150);
  });

  it("keep what is compared while they grow, wherever in their rows they have come to", () => {
    const places = new RememberedPlaces();
    const compared = (event: number) => ({ hasFields: true, values: [`${event}`] });
    for (let event = 0; event < 500; event++) {
      // At first as many as there are rows, so that the oldest is not in the first of them; then all of them.
      if (event < 20) places.forgetBefore(event - 5);
      places.add(event, NOWHERE, compared(event));
    }
    for (let place = places.oldest; place < 500; place++) expect(places.comparedOf(place)).toEqual(compared(place));
  });
});

it("texts keep apart, however many chunks are forgotten and used again", () => {
  const texts = new RememberedTexts();
  const kept: { text: string; chunk: number; start: number }[] = [];
  let oldest = 0;
  for (let number = 0; number < 400; number++) {
    // Now one is forgotten, now many, now none.
    const text = `${number}`.padEnd(1 + ((number * 7919) % 30_000), "abc");
    const start = texts.add(text);
    kept.push({ text, chunk: texts.chunk, start });
    if (number % 50 < 25) oldest = Math.max(oldest, kept.length - 10);
    texts.forgetBefore(kept[oldest]!.chunk);
    for (const { text, chunk, start } of kept.slice(oldest)) {
      expect(texts.text(chunk, start, text.length) === text).toBe(true);
    }
  }
});
