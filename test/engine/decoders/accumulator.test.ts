import { expect, it } from "vitest";
import { decide } from "../rulesets.js";

const decoders = `<decoder name="acc"><prematch>^ACC: </prematch><accumulate /></decoder>
  <decoder name="c"><parent>acc</parent><prematch>id=</prematch><regex type="pcre2">id=(\\S+)</regex><order>id</order><accumulate /></decoder>
  <decoder name="c"><parent>acc</parent><regex type="pcre2">user=(\\S+)</regex><order>dstuser</order></decoder>
  <decoder name="c"><parent>acc</parent><regex type="pcre2">ip=(\\S+)</regex><order>srcip</order></decoder>`;

it("events of one id lend each other what they lack, for two minutes", () => {
  const decisions = decide(
    { decoders },
    ["ACC: id=1 user=bob", 1000],
    ["ACC: id=1 ip=1.1.1.1", 1100],
    ["ACC: id=2 ip=1.1.1.1", 1100],
    ["ACC: id=1 x", 1220],
    ["ACC: id=1 y", 1341],
  );
  expect(decisions.map((decision) => decision.fields)).toEqual([
    { id: "1", dstuser: "bob" },
    { id: "1", dstuser: "bob", srcip: "1.1.1.1" },
    { id: "2", srcip: "1.1.1.1" },
    { id: "1", dstuser: "bob", srcip: "1.1.1.1" },
    { id: "1" },
  ]);
  expect(decisions.every((decision) => decision.accumulated)).toBe(true);
});

it("values of more than 80 bytes are not lent", () => {
  const [, second] = decide({ decoders }, [`ACC: id=1 user=${"x".repeat(81)}`, 1], ["ACC: id=1", 1]);
  expect(second!.fields).toEqual({ id: "1" });
});

it("is as old as the session's first event, even when time goes back", () => {
  const filler = Array.from({ length: 197 }, (_, each): [string, number] => [`ACC: id=f${each}`, 9000]);
  const decisions = decide(
    { decoders },
    ["other", 10_000],
    // Its clock is ahead: what is old goes at once, and every 200th time from here on.
    ["ACC: id=0", 9000],
    ["ACC: id=k ip=1.1.1.1", 9000],
    ...filler,
    ["ACC: id=z", 9200],
    ["ACC: id=k", 9050],
  );
  expect(decisions.at(-1)!.fields).toEqual({ id: "k", srcip: "1.1.1.1" });
});
