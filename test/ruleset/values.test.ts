import { describe, expect, test } from "vitest";
import { atoi, firstWord, splitAtCommas } from "../../src/ruleset/c-text.js";
import { readList } from "../../src/ruleset/list-file.js";
import { parseTimeRange, parseWeekdays } from "../../src/ruleset/rule-time.js";
import { wordMatcher } from "../../src/ruleset/word-match.js";

const at = (range: string, clock: string): boolean | undefined => {
  const [hour, minute] = clock.split(":").map(Number);
  return parseTimeRange(range)?.test(hour! * 3600 + minute! * 60 + 59);
};

describe("time", () => {
  test("bounds are inside, to the minute", () => {
    expect(at("8:30 - 9", "08:29")).toBe(false);
    expect(at("8:30 - 9", "08:30")).toBe(true);
    expect(at("8:30 - 9", "09:00")).toBe(true);
    expect(at("8:30 - 9", "09:01")).toBe(false);
  });

  test("over midnight both bounds are outside, and ! makes no difference", () => {
    for (const range of ["10 pm - 6 am", "!22:00-06:00"]) {
      expect(at(range, "22:00")).toBe(false);
      expect(at(range, "22:01")).toBe(true);
      expect(at(range, "05:59")).toBe(true);
      expect(at(range, "12:00")).toBe(false);
    }
  });

  test("no time at all is midnight", () => {
    expect(at("-9", "00:00")).toBeUndefined();
    expect(at("9-", "08:00")).toBe(false);
    expect(at("9-", "09:01")).toBe(true);
  });

  test("negated", () => {
    expect(at("!9-17", "12:00")).toBe(false);
    expect(at("! 9-17", "18:00")).toBe(true);
  });

  test.each(["", "9", "24-25", "9-10x", "9:3-10 xm", "123-4", "1 pm - 13 pm"])("%j is refused", (range) => {
    expect(parseTimeRange(range)).toBeNull();
  });
});

describe("weekday", () => {
  test("names in full and short, in any case, between commas or spaces", () => {
    expect([...parseWeekdays(" Monday,tue, SUN ")!].sort()).toEqual([0, 1, 2]);
    expect([...parseWeekdays("weekdays")!]).toEqual([1, 2, 3, 4, 5]);
  });

  test.each(["", "mon-fri", "!monday", "thurs", ",mon"])("%j is refused", (days) => {
    expect(parseWeekdays(days)).toBeNull();
  });
});

describe("CDB lists", () => {
  const list = (text: string) => readList("l", text);

  test("keys and values, quoted or not", () => {
    const { get } = list('a:1\r\n"b:c":2\nd:"3:4" lost\ne\nf:\n:g\n');
    expect(["a", "b:c", "d", "e", "f", ""].map(get)).toEqual(["1", "2", "3:4", undefined, "", "g"]);
  });

  test("the first of two equal keys counts, an unclosed quote is passed over", () => {
    const { get } = list('a:1\na:2\n"b:1\nc:"1\n');
    expect(["a", "b", "c"].map(get)).toEqual(["1", undefined, undefined]);
  });
});

test("numbers wrap as 32-bit integers of C do", () => {
  expect(["12x", " -3", "+7", "-0", "x", "", "4294967297", "99999999999999999999"].map(atoi)).toEqual([
    12, -3, 7, 0, 0, 0, 1, -1,
  ]);
});

test("commas split, but not behind a backslash, and not beyond the limit", () => {
  expect(splitAtCommas("a,b\\,c,,d", 9)).toEqual(["a", "b,c", "", "d"]);
  expect(splitAtCommas("a,b,c,d", 2)).toEqual(["a", "b,c,d"]);
  expect(firstWord("  one two")).toBe("one");
});

test("if_group matches as the oldest matcher does", () => {
  expect(wordMatcher("AUTH")("syslog,xauthx,")).toBe(true);
  expect(wordMatcher("^auth|^sys")("syslog,")).toBe(true);
  expect(wordMatcher("^auth")("xauthx,")).toBe(false);
  expect(wordMatcher("log$")("syslog")).toBe(false);
  expect(wordMatcher("no|")("syslog")).toBe(true);
  expect(wordMatcher("|no")("syslog")).toBe(false);
  expect(wordMatcher("")("syslog")).toBe(false);
});
