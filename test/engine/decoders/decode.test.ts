import { describe, expect, it } from "vitest";
import { decide } from "../rulesets.js";

/** Fields and decoder of one line. */
function decode(decoders: string, line: string): Record<string, string | null> {
  const [decision] = decide({ decoders }, [line]);
  return { name: decision!.decoder!.name, parent: decision!.decoder!.parent, ...decision!.fields };
}

const PARENT = '<decoder name="app"><prematch>^APP: </prematch></decoder>';

describe("top-level decoders", () => {
  it("an event with a program name sees only those that ask for one", () => {
    const decoders = `
      <decoder name="by-text"><prematch>^hello</prematch></decoder>
      <decoder name="by-program"><program_name>^prog$</program_name></decoder>`;
    expect(decode(decoders, "hello").name).toBe("by-text");
    expect(decode(decoders, "Dec 29 10:00:01 h prog: hello").name).toBe("by-program");
    expect(decode(decoders, "Dec 29 10:00:01 h other: hello").name).toBeNull();
  });

  it("one with children never runs its own regex", () => {
    const own = '<decoder name="app"><prematch>^APP: </prematch><regex>id=(\\d+)</regex><order>id</order></decoder>';
    const child = '<decoder name="c"><parent>app</parent><prematch>never</prematch></decoder>';
    expect(decode(own, "APP: id=12 x")).toMatchObject({ id: "12" });
    expect(decode(own + child, "APP: id=12 x")).toEqual({ name: "app", parent: null });
  });
});

describe("children", () => {
  it("the first without a prematch is taken, and the event keeps the parent", () => {
    const decoders = `${PARENT}
      <decoder name="a"><parent>app</parent><prematch>zzz</prematch><regex>id=(\\d+)</regex><order>id</order></decoder>
      <decoder name="b"><parent>app</parent><regex>no=(\\d+)</regex><order>id</order></decoder>
      <decoder name="c"><parent>app</parent><regex>id=(\\d+)</regex><order>id</order></decoder>`;
    expect(decode(decoders, "APP: id=12 x")).toEqual({ name: "app", parent: null });
    expect(decode(decoders, "APP: no=12 x")).toEqual({ name: "app", parent: null, id: "12" });
  });

  it("a chain of one name goes on behind a regex that fails", () => {
    const child = (regex: string, order: string) =>
      `<decoder name="kv"><parent>app</parent><regex type="pcre2">${regex}</regex><order>${order}</order></decoder>`;
    const decoders = PARENT + child("a=(\\w+)", "a") + child("b=(\\w+)", "b") + child("c=(\\w+)", "c");
    expect(decode(decoders, "APP: a=1 c=3")).toMatchObject({ a: "1", c: "3" });
    expect(decode(decoders, "APP: b=2")).toEqual({ name: "app", parent: null, b: "2" });
  });

  it("a prematch that fails passes over the whole chain", () => {
    const decoders = `${PARENT}
      <decoder name="kv"><parent>app</parent><prematch>zzz</prematch><regex>a=(\\d+)</regex><order>id</order></decoder>
      <decoder name="kv"><parent>app</parent><regex>b=(\\d+)</regex><order>id</order></decoder>
      <decoder name="last"><parent>app</parent><regex>b=(\\d+)</regex><order>status</order></decoder>`;
    expect(decode(decoders, "APP: b=2 ")).toEqual({ name: "app", parent: null, status: "2" });
  });
});

describe("a child's prematch that says what its parent's does", () => {
  const tree = (prematch: string, own: string, regex: string) => `
    <decoder name="app"><prematch type="pcre2">${prematch}</prematch></decoder>
    <decoder name="before"><parent>app</parent><prematch>never: </prematch></decoder>
    <decoder name="c"><parent>app</parent><prematch type="pcre2"${own}</prematch>${regex}<order>id, key</order></decoder>`;

  it("ends where the parent's does", () => {
    const regex = '<regex type="pcre2" offset="after_prematch">^(\\w+)</regex>';
    expect(decode(tree("^APP: ", ">^APP: ", regex), "APP: one")).toEqual({ name: "app", parent: "app", id: "one" });
    expect(decode(tree("^APP: ", ">^APP", regex), "APP: one")).toEqual({ name: "app", parent: "app" });
  });

  it("is asked again behind the parent", () => {
    const regex = '<regex type="pcre2" offset="after_prematch">(\\w+)</regex>';
    const own = ' offset="after_parent">^APP: ';
    expect(decode(tree("^APP: ", own, regex), "APP: one two")).toEqual({ name: "app", parent: null });
    expect(decode(tree("^APP: ", own, regex), "APP: APP: two")).toMatchObject({ parent: "app", id: "two" });
  });

  it("is asked again where it is of another kind", () => {
    const decoders = (own: string) => `
      <decoder name="app"><prematch type="osregex">^\\w+</prematch></decoder>
      <decoder name="c"><parent>app</parent><prematch${own}>^\\w+</prematch>
        <regex type="pcre2" offset="after_prematch">^(\\S+)</regex><order>id</order></decoder>`;
    expect(decode(decoders(' type="osregex"'), "one-two=x")).toMatchObject({ id: "x" });
    expect(decode(decoders(' type="pcre2"'), "one-two=x")).toMatchObject({ id: "-two=x" });
  });

  it("captures again what an osregex in between has emptied", () => {
    const regex = '<regex type="pcre2">one</regex>';
    expect(decode(tree("^(APP): ", ">^(APP): ", regex), "APP: one")).toMatchObject({ parent: "app", id: "APP" });
  });
});

describe("offsets", () => {
  const child = (prematch: string, regex: string) =>
    `${PARENT}<decoder name="c"><parent>app</parent>${prematch}${regex}<order>id</order></decoder>`;

  it("after_parent, after_prematch and none", () => {
    const prematch = '<prematch offset="after_parent">^x=\\d </prematch>';
    expect(decode(child(prematch, '<regex offset="after_parent">(\\d+)</regex>'), "APP: x=1 y=2 .").id).toBe("1");
    expect(decode(child(prematch, '<regex offset="after_prematch">(\\d+)</regex>'), "APP: x=1 y=2 .").id).toBe("2");
    expect(decode(child(prematch, "<regex>^(\\w+)</regex>"), "APP: x=1 y=2 .").id).toBe("APP");
  });

  it("behind an empty pcre2 match nothing is left, unless a byte stands in front of the log", () => {
    const empty = (kind: string) => `<decoder name="e">${kind}<prematch type="pcre2">^</prematch></decoder>
      <decoder name="c"><parent>e</parent><regex offset="after_parent">(\\w+)</regex><order>id</order></decoder>`;
    expect(decode(empty(""), "first second").id).toBeUndefined();
    const byProgram = empty("<program_name>^p$</program_name>");
    expect(decode(byProgram, "Dec 29 10:00:01 h p: first second").id).toBe("first");
    expect(decode(byProgram, "Dec 29 10:00:01 h p:first second").id).toBeUndefined();
  });

  it("after_regex goes on behind the regex before", () => {
    const decoders = `${PARENT}
      <decoder name="c"><parent>app</parent><regex type="pcre2">(\\d)</regex><order>first</order></decoder>
      <decoder name="c"><parent>app</parent><regex type="pcre2" offset="after_regex">(\\d)</regex><order>second</order></decoder>`;
    expect(decode(decoders, "APP: 1 2 3")).toMatchObject({ first: "1", second: "2" });
  });

  it("after_regex begins where the parent's prematch ends, as long as no regex has matched", () => {
    const decoders = `${PARENT}
      <decoder name="c"><parent>app</parent><regex type="pcre2">(zzz)</regex><order>first</order></decoder>
      <decoder name="c"><parent>app</parent><regex type="pcre2" offset="after_regex">(\\w)</regex><order>second</order></decoder>`;
    expect(decode(decoders, "APP: 1 2 3")).toMatchObject({ second: "1" });
  });
});

it("static fields keep the last value, dynamic ones all, a look-up takes the first", () => {
  const child = (regex: string) =>
    `<decoder name="c"><parent>app</parent><regex type="pcre2">${regex}</regex><order>id, key</order></decoder>`;
  const [decision] = decide({ decoders: PARENT + child("a=(.)(.)") + child("b=(.)(.)") }, ["APP: a=12 b=34"]);
  expect(decision!.fields).toEqual({ id: "3", key: "2" });
  expect(decision!.dynamic).toEqual([
    ["key", "2"],
    ["key", "4"],
  ]);
});

it("a pcre2 regex that captures nothing gets what the prematch captured", () => {
  const decoders = `<decoder name="app"><prematch type="pcre2">^APP (\\w+): </prematch>
    <regex type="pcre2">end$</regex><order>id</order></decoder>`;
  expect(decode(decoders, "APP web: the end").id).toBe("web");
});
