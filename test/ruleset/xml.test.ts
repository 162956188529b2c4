import { describe, expect, test } from "vitest";
import { readXml, type XmlElement, XmlError } from "../../src/ruleset/xml.js";

const outline = (elements: readonly XmlElement[]): unknown =>
  elements.map(({ name, content, attributes, children }) => [
    name,
    content,
    ...(attributes.length > 0 ? [Object.fromEntries(attributes.map(({ name, value }) => [name, value]))] : []),
    ...(children.length > 0 ? [outline(children)] : []),
  ]);
const read = (text: string): unknown => outline(readXml(text, "f.xml"));

describe("elements", () => {
  test("several roots, stray text between them, no entities", () => {
    expect(read("x<a>1 &lt; 2</a> y <b/>")).toEqual([
      ["a", "1 &lt; 2"],
      ["b", ""],
    ]);
  });

  test("text before a nested element is forgotten, and > of <b/> with attributes becomes text", () => {
    expect(read('<a>lost<b x="1"/>kept</a>')).toEqual([["a", ">kept", [["b", "", { x: "1" }]]]]);
  });

  test("a backslash saves the next <, and stays; two of them do not", () => {
    expect(read("<a>x\\<y</a>")).toEqual([["a", "x\\<y"]]);
    expect(read("<a>x\\\\<b/></a>")).toEqual([["a", "", [["b", ""]]]]);
  });

  test("comments end at --> and at !>, also inside a text", () => {
    expect(read("<a>1<!-- <b> -- - -->2<! x !>3</a>")).toEqual([["a", "123"]]);
    expect(read("<a>1<!-- b-c>--d!e -->2<! -x-> -->3</a>")).toEqual([["a", "123"]]);
  });

  test("a closing tag must repeat the name in its case of letters", () => {
    expect(() => read("<a></A>")).toThrow(XmlError);
    expect(() => read("</a>")).toThrow(XmlError);
    expect(() => read("<a><b></a>")).toThrow(XmlError);
  });

  test("content holds at most 20,479 bytes", () => {
    expect(read(`<a>${"x".repeat(20_479)}</a>`)).toHaveLength(1);
    expect(() => read(`<a>${"x".repeat(20_480)}</a>`)).toThrow(XmlError);
  });

  test("a name holds at most 20,479 bytes, its closing tag and attributes too", () => {
    const text = (size: number) => "x".repeat(size);
    expect(read(`<${text(20_479)}></${text(20_479)}>`)).toHaveLength(1);
    expect(read(`<a ${text(20_479)}="1" b="${text(20_479)}"/>`)).toHaveLength(1);
    expect(() => read(`<${text(20_480)}></${text(20_480)}>`)).toThrow(/in one element, name or closing tag/);
    expect(() => read(`<a></a${text(20_480)}>`)).toThrow(/in one element, name or closing tag/);
    expect(() => read(`<a ${text(20_480)}="1"/>`)).toThrow("attribute name too long");
    expect(() => read(`<a b="${text(20_480)}"/>`)).toThrow('the value of attribute "b" is too long');
  });

  test.each(["<a>", "<", "<a></", "<a ", "<a b='"])(
    "%s without an end is refused where it is too long, at once",
    (beginning) => {
      const place = { file: "f.xml", line: 1, column: beginning.length + 20_481 };
      const started = performance.now();
      expect(() => readXml(beginning + "x".repeat(1_000_000), "f.xml")).toThrow(
        expect.objectContaining({ where: place }),
      );
      expect(performance.now() - started).toBeLessThan(1000);
    },
  );

  test("a backslash in front of what is skipped, or in a name, saves no later <", () => {
    expect(read("\\x<a/>")).toEqual([["a", ""]]);
    expect(read("<a\\b>x<c/></a\\b>")).toEqual([["a\\b", "", [["c", ""]]]]);
  });

  test("a < in a name is part of it, in its place", () => {
    expect(read("<a<bc>x</a<bc>")).toEqual([["a<bc", "x"]]);
  });

  test("an error knows its place", () => {
    expect(() => readXml("<a>\n  <b x=1>", "f.xml")).toThrow(
      expect.objectContaining({ where: { file: "f.xml", line: 2, column: 8 } }),
    );
  });

  test("elements know theirs", () => {
    const [, second] = readXml("<a/>\n  <b></b>", "f.xml");
    expect(second!.where).toEqual({ file: "f.xml", line: 2, column: 3 });
  });
});

describe("attributes", () => {
  test("either quote, blanks behind = but not before, no > inside", () => {
    expect(read("<a x= '1' y=\"2\"></a>")).toEqual([["a", "", { x: "1", y: "2" }]]);
    expect(() => read('<a x ="1"></a>')).toThrow(XmlError);
    expect(() => read('<a x=">"></a>')).toThrow(XmlError);
    expect(() => read('<a x="1>"></a>')).toThrow(XmlError);
    expect(read("<a x='1\"2' y=\"3'4\"></a>")).toEqual([["a", "", { x: '1"2', y: "3'4" }]]);
  });

  test("none twice, unless the case differs", () => {
    expect(() => read('<a x="1" x="2"></a>')).toThrow(XmlError);
    expect(read('<a x="1" X="2"></a>')).toEqual([["a", "", { x: "1", X: "2" }]]);
  });

  test("48 may be followed by a blank", () => {
    const attributes = Array.from({ length: 49 }, (_, i) => `a${i}="x"`).join(" ");
    expect(read(`<a ${attributes}></a>`)).toHaveLength(1);
    expect(() => read(`<a ${attributes} ></a>`)).toThrow(XmlError);
  });
});

describe("variables", () => {
  test("are replaced behind their definition, in texts and attributes; the first of a name counts", () => {
    expect(read('<a>$V!</a><var name="V">1</var><var name="v">2</var><b x="a$V">$V,$V</b>')).toEqual([
      ["a", "$V!"],
      ["b", "1,1", { x: "a1" }],
    ]);
  });

  test("an unknown name refuses the file once a variable is known", () => {
    expect(read("<a>$unknown</a>")).toEqual([["a", "$unknown"]]);
    expect(() => read('<var name="V">1</var><a>$unknown</a>')).toThrow(XmlError);
  });

  test("variables may stand side by side, and a $ that names none stays", () => {
    expect(read('<var name="V">12</var><var name="W">3</var><a>x$V$W|$$V</a>')).toEqual([["a", "x123|$12"]]);
  });

  test("a $(field) is left alone and shifts what is replaced behind it", () => {
    expect(read('<var name="V">1</var><a>ab $(x) $V</a>')).toEqual([["a", "ab $1"]]);
  });

  test("only name is an attribute of a variable", () => {
    expect(() => read('<var id="V">1</var>')).toThrow(XmlError);
    expect(() => read("<var>1</var>")).toThrow(XmlError);
  });
});
