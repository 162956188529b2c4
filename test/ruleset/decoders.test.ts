import { describe, expect, test } from "vitest";
import type { Decoder, DecoderNode } from "../../src/engine/model.js";
import { loadRuleset } from "../../src/ruleset/load.js";
import { codes, DECODERS, loadDecoders, ROOT } from "./ruleset.js";

const child = (name: string, body: string) => `<decoder name="${name}"><parent>app</parent>${body}</decoder>`;
const REGEX = "<regex>(\\d+)</regex><order>id</order>";

/** A second file of decoders. */
const loadBeside = (name: string, text: string) =>
  loadRuleset({
    decoders: [
      { name: "d.xml", text: DECODERS },
      { name, text },
    ],
    rules: [{ name: "r.xml", text: ROOT }],
  });

function decoders(text: string): Decoder[] {
  const { ruleset } = loadDecoders(text);
  const all = (nodes: readonly DecoderNode[]): Decoder[] =>
    nodes.flatMap((node) => [node.decoder, ...all(node.children)]);
  return [...all(ruleset!.decodersWithProgramName), ...all(ruleset!.decodersWithoutProgramName)];
}
const decoder = (text: string, ownName: string): Decoder =>
  decoders(text).find((candidate) => candidate.ownName === ownName)!;

describe("the trees", () => {
  test("a ruleset needs a decoder in either", () => {
    const load = (text: string) =>
      loadRuleset({ decoders: [{ name: "d.xml", text }], rules: [{ name: "r.xml", text: ROOT }] });
    expect(load('<decoder name="a"><program_name>a</program_name></decoder>').ruleset).toBeNull();
    expect(load('<decoder name="a"><prematch>a</prematch></decoder>').ruleset).toBeNull();
    expect(load(DECODERS).ruleset).not.toBeNull();
  });

  test("a child takes its parent's name and id unless it uses its own", () => {
    const text = child("x", REGEX) + child("y", `<use_own_name>true</use_own_name>${REGEX}`);
    const [app, x, y] = ["app", "x", "y"].map((name) => decoder(text, name));
    expect([x!.name, x!.id]).toEqual(["app", app!.id]);
    expect(y!.name).toBe("y");
    expect(y!.id).not.toBe(app!.id);
  });

  test("ids are positions in byte order, internal decoders included", () => {
    expect(decoder("", "app").id).toBe(1);
    expect(decoder("", "raw").id).toBe(5);
  });

  test("same-named siblings are a chain", () => {
    const chain = decoders(child("x", REGEX) + child("x", REGEX) + child("y", REGEX)).filter((each) => each.parent);
    expect(chain.map((each) => each.getNext)).toEqual([true, false, false]);
  });

  test("a child stands under every root of its parent's name", () => {
    const text = `<decoder name="app"><prematch>^x</prematch></decoder>${child("x", REGEX)}`;
    const { ruleset } = loadDecoders(text);
    const places = [...ruleset!.decodersWithProgramName, ...ruleset!.decodersWithoutProgramName];
    expect(places.map((node) => [node.decoder.name, node.children.length])).toEqual([
      ["app", 1],
      ["raw", 0],
      ["app", 1],
    ]);
  });

  test.each([
    ["a parent that is no root", child("x", REGEX) + REGEX_CHILD("x"), "decoder-parent-unknown"],
    [
      "a prematch in a chain",
      child("x", REGEX) + child("x", `<prematch>p</prematch>${REGEX}`),
      "decoder-chain-prematch",
    ],
    ["a chain without regex", child("x", "<prematch>p</prematch>") + child("x", REGEX), "decoder-chain-without-regex"],
    [
      "after_regex without a chain",
      child("x", REGEX.replace("<regex", '<regex offset="after_regex"')),
      "decoder-offset-invalid",
    ],
  ])("%s is refused", (_, text, code) => {
    const result = loadDecoders(text);
    expect(result.ruleset).toBeNull();
    expect(codes(result)).toEqual([`error ${code}`]);
  });
});

function REGEX_CHILD(parent: string): string {
  return `<decoder name="z"><parent>${parent}</parent>${REGEX}</decoder>`;
}

describe("one decoder", () => {
  test("static and dynamic fields, user for dstuser, spaces but no line breaks trimmed", () => {
    const { order } = decoder(child("x", "<regex>(a)(b)(c)(d)</regex><order> user, a b,\nc, status</order>"), "x");
    expect(order).toEqual([
      { kind: "static", name: "dstuser" },
      { kind: "dynamic", name: "a" },
      { kind: "dynamic", name: "\nc" },
      { kind: "static", name: "status" },
    ]);
  });

  test("fts in the engine's order, dynamic fields only in front of static ones", () => {
    const order = "<regex>(a)(b)(c)</regex><order>one, srcip, two</order>";
    const { fts } = decoder(child("x", `${order}<fts>location, one, name, srcip</fts>`), "x");
    expect(fts.map((field) => field.name)).toEqual(["name", "srcip", "location", "one"]);
    expect(codes(loadDecoders(child("x", `${order}<fts>two</fts>`)))).toEqual(["error decoder-fts-field-unknown"]);
    expect(loadDecoders(child("x", `<fts>two</fts>${order}`)).ruleset).not.toBeNull();
  });

  test("regexes of several elements are one, of 1,023 bytes at most", () => {
    expect(decoder(child("x", `<regex>a</regex>${REGEX}`), "x").regex!.pattern).toBe("a(\\d+)");
    const long = `<regex>${"a".repeat(1000)}</regex><regex>${"b".repeat(24)}</regex>`;
    expect(codes(loadDecoders(child("x", `<prematch>p</prematch>${long}`)))).toEqual(["error decoder-text-too-long"]);
    expect(loadDecoders(child("x", `<prematch>p</prematch>${long}`)).ruleset).not.toBeNull();
  });

  test("after_prematch without a parent is after_parent", () => {
    const text = `<decoder name="x"><prematch>a</prematch>${REGEX.replace("<regex", '<regex offset="after_prematch"')}</decoder>`;
    expect(decoder(text, "x").regexOffset).toBe("after_parent");
  });

  test("what is only a warning", () => {
    const text = child(
      "x",
      '<regex type="osmatch" offset="nowhere">(\\d)</regex><order>id</order><json_null_field>empty</json_null_field>',
    );
    expect(codes(loadDecoders(text))).toEqual([
      "warning decoder-offset-invalid",
      "warning decoder-type-invalid",
      "warning decoder-value-invalid",
    ]);
  });

  test("an unknown offset of a prematch is an error, and loads", () => {
    const result = loadDecoders('<decoder name="x"><prematch offset="nowhere">a</prematch></decoder>');
    expect(codes(result)).toEqual(["error decoder-offset-invalid"]);
    expect(result.ruleset).not.toBeNull();
  });

  test.each([
    ["<order>id</order>", "decoder-order-without-regex"],
    ["<regex>(a)</regex>", "decoder-regex-without-order"],
    ["<regex>(a)</regex><order>a,,b</order>", "decoder-field-empty"],
    [`<plugin_decoder>JSON_Decoder</plugin_decoder>${REGEX}`, "decoder-plugin-with-regex"],
    ["<plugin_decoder>XML_Decoder</plugin_decoder>", "decoder-plugin-unknown"],
    ["<Type>ids</Type>", "decoder-element-unknown"],
    ["<type>ids2</type>", "decoder-type-unknown"],
    ["<regex>\\q</regex><order>id</order>", "expression-invalid"],
    [REGEX + REGEX.replace("<regex", '<regex offset="after_parent"'), "decoder-offset-duplicate"],
  ])("%s is refused", (body, code) => {
    const result = loadDecoders(child("x", body));
    expect(result.ruleset).toBeNull();
    expect(codes(result)).toEqual([`error ${code}`]);
  });

  test("a file without decoders is refused unless it is local_decoder.xml", () => {
    expect(loadBeside("x.xml", "<!-- none -->").ruleset).toBeNull();
    expect(loadBeside("local_decoder.xml", "<!-- none -->").ruleset).not.toBeNull();
    expect(loadBeside("ruleset/decoders/local_decoder.xml", "<!-- none -->").ruleset).toBeNull();
  });

  test("a file of no bytes is refused without a word in the log", () => {
    expect(codes(loadBeside("x.xml", " "))).toEqual(["error decoder-file-empty"]);
    const empty = loadBeside("x.xml", "");
    expect(empty.diagnostics).toMatchObject([{ code: "decoder-file-empty", severity: "error", unsaid: true }]);
    expect(empty.ruleset).toBeNull();
  });
});
