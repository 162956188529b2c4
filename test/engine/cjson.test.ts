import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toBytes } from "../../src/engine/bytes.js";
import { parseJson } from "../../src/engine/cjson.js";
import { printJson } from "../../src/engine/cjson-print.js";
import { formatFixed, formatGeneral } from "../../src/engine/printf.js";

const print = (text: string) => {
  const parsed = parseJson(text);
  return parsed === null ? null : printJson(parsed.value);
};

describe("parsing", () => {
  it.each([
    ['{"a":1} trailing', '{\n\t"a":\t1\n}'],
    ['{"a":1,"a":2}', '{\n\t"a":\t1,\n\t"a":\t2\n}'],
    ["\x01[1 , \x02 2]", "[1, 2]"],
    ["[1.50]x", "[1.5]"],
    ['["a\nb\\u00e9\\ud83d\\ude00"]', '["a\\nb\xc3\xa9\xf0\x9f\x98\x80"]'],
    ['["a\nb\\t","a\\tb\n","\xe9\\n"]', '["a\\nb\\t", "a\\tb\\n", "\xe9\\n"]'],
    ['["ab\\u0000cd"]', '["ab"]'],
    ['["\\uZZZZx"]', '[""]'],
    // What stands for four digits is stepped over, a backslash among it.
    ['["a\\uZZa\\"b"]', '["a"]'],
    ['["\\u00e9\\u0000x","\\b\\f\\n\\r\\t\\"\\\\\\/"]', '["\xc3\xa9", "\\b\\f\\n\\r\\t\\"\\\\/"]'],
    ["[-0]", "[-0]"],
    ["[007]", "[7]"],
    ["{}", "{\n}"],
  ])("%j", (text, printed) => {
    expect(print(text)).toBe(printed);
  });

  it.each([
    "",
    "nul",
    '{"a"}',
    '{"a":}',
    "[1,]",
    '"open',
    '["\\x"]',
    '["\\udc00"]',
    '["\\ud800x"]',
    "{'a':1}",
    "+1",
    '["\\',
    '["\\"',
    '["\\u12"]',
    '["a\\',
    '["\\u00e9',
  ])("%j is malformed", (text) => {
    expect(parseJson(text)).toBeNull();
  });

  it("a text as long as any, and a short one behind it", () => {
    const long = "\\n\xe9".repeat(100_000);
    expect(print(`["${long}"]`)).toBe(`["${long}"]`);
    expect(print('["a"]')).toBe('["a"]');
    expect(print('["a')).toBeNull();
  });

  it.each([1023, 1024, 1025, 65_535, 65_536, 65_537])("a text of %d bytes, with an escape and without", (size) => {
    const text = "x".repeat(size);
    expect(parseJson(`"${text}"`)?.value).toEqual({ type: "string", text });
    expect(parseJson(`"\\n${text}"`)?.value).toEqual({ type: "string", text: `\n${text}` });
    expect(parseJson(text.replace("x", '"'))).toBeNull();
  });

  it("a string ends at the first of two escaped NULs", () => {
    expect(parseJson('"a\\u0000b\\u0000c"')?.value).toEqual({ type: "string", text: "a" });
  });

  it("nothing is read from behind a text", () => {
    expect(parseJson('["a","b","c","d"]')).not.toBeNull();
    for (let start = 2; start < 12; start++) expect(parseJson("[]", start)).toBeNull();
  });

  it("every text comes back, with escapes or without", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "\\", '"', "/", "\n", "\x01", "\x7f", "é", "€", "😀", "u") });
    fc.assert(
      fc.property(text, fc.boolean(), (text, inNumbers) => {
        const written = JSON.stringify(text);
        const json = inNumbers
          ? written.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
          : written;
        expect(parseJson(toBytes(json))?.value).toEqual({ type: "string", text: toBytes(text) });
      }),
    );
  });

  it("a number is read for 63 bytes", () => {
    expect(parseJson("1".repeat(63))?.end).toBe(63);
    expect(parseJson("1".repeat(64))?.end).toBe(63);
    expect(parseJson(`[${"1".repeat(64)}]`)).toBeNull();
  });

  it("nests 1,000 deep and no deeper", () => {
    expect(parseJson("[".repeat(1000) + "]".repeat(1000))).not.toBeNull();
    expect(parseJson("[".repeat(1001) + "]".repeat(1001))).toBeNull();
  });
});

describe("numbers as C prints them", () => {
  it.each([
    [1.5, "1.500000"],
    [1 / 128, "0.007812"],
    [3 / 128, "0.023438"],
    [-1 / 128, "-0.007812"],
    [-1e-9, "-0.000000"],
    [1e21, "1000000000000000000000.000000"],
    [Number.POSITIVE_INFINITY, "inf"],
  ])("%%f of %d", (number, text) => {
    expect(formatFixed(number)).toBe(text);
  });

  it.each([
    [1e-6, "1e-06"],
    [123456.789, "123456.789"],
    [1e15, "1e+15"],
    [0.0001, "0.0001"],
  ])("%%1.15g of %d", (number, text) => {
    expect(formatGeneral(number, 15)).toBe(text);
  });

  it("15 digits when they come close enough, else 17", () => {
    expect(print("[9007199254740993, 0.30000000000000004, 1234567890.1234567]")).toBe(
      "[9.00719925474099e+15, 0.3, 1234567890.1234567]",
    );
  });
});
