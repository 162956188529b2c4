/**
 * The characters of a configuration file to a flat list of elements and attributes, as the real engine's own XML reader
 * (os_xml.c) takes them. It is no XML parser: several roots, no entities, no CDATA, text outside elements is skipped,
 * the text before a nested element is forgotten.
 */
import type { Where } from "../diagnostics/diagnostic.js";
import type { Bytes } from "../engine/bytes.js";
import { asciiLower, cString } from "../engine/regex/ascii.js";

/** Longest name, content or attribute, in bytes. */
const MAX_SIZE = 20_480;
/** Most bytes that are taken behind the first at once, so that what is too long ends where the real reader ends. */
const MAX_RUN = MAX_SIZE - 2;
const MAX_DEPTH = 1024;
/** This many attributes may be followed by a blank. */
const MAX_SPACED_ATTRIBUTES = 48;
const END = -1;

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const DASH = 0x2d;
const BACKSLASH = 0x5c;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
/** What ends a run of characters that mean nothing but themselves: as a rule there is nothing else. */
const NO_CONTENT = /[<\\]/g;
const NO_NAME = /[^\w.-]/g;
const NO_VALUE = /[>"']/g;
const NO_COMMENT = /[-!]/g;

export interface XmlItem {
  /** Whatever is called `var`, attributes included, is a variable and hidden from the reader of elements. */
  readonly kind: "element" | "attribute" | "variable";
  readonly name: Bytes;
  content: Bytes;
  /** Of an attribute: its element's. Roots have 0. */
  readonly depth: number;
  readonly where: Where;
}

/** The file is not what the real engine's reader takes. */
export class XmlError extends Error {
  readonly where: Where;
  constructor(message: string, where: Where) {
    super(message);
    this.name = "XmlError";
    this.where = where;
  }
}

/** @throws XmlError */
export function scanXml(text: Bytes, file: string): XmlItem[] {
  return new Scanner(text, file).scan();
}

class Scanner {
  readonly #text: Bytes;
  readonly #file: string;
  readonly #items: XmlItem[] = [];
  /** Characters handed back, last first; the real reader holds two and drops a third. */
  readonly #returned: number[] = [];
  #position = 0;
  /** In which the last place was, and the offset of its first byte. */
  #lastLine = { line: 1, start: 0 };

  constructor(text: Bytes, file: string) {
    this.#text = text;
    this.#file = file;
  }

  scan(): XmlItem[] {
    this.#readLevel(0, 1);
    return this.#items;
  }

  #next(): number {
    const returned = this.#returned.pop();
    if (returned !== undefined) return returned;
    return this.#position < this.#text.length ? this.#text.charCodeAt(this.#position++) : END;
  }

  /** Takes what comes up to a special character at once, but no more than that. @param special a global pattern */
  #plainRun(special: RegExp, most: number): Bytes {
    if (most <= 0 || this.#returned.length > 0) return "";
    special.lastIndex = this.#position;
    const found = special.test(this.#text) ? special.lastIndex - 1 : this.#text.length;
    const end = Math.min(found, this.#position + most);
    const run = this.#text.slice(this.#position, end);
    this.#position = end;
    return run;
  }

  /** The real reader keeps handed back characters as signed bytes: 0xFF comes back as the end of the file. */
  #giveBack(char: number): void {
    if (this.#returned.length < 2) this.#returned.push(char === 0xff ? END : char);
  }

  /** Reads elements of one depth: all of them at the root, one otherwise. */
  #readLevel(depth: number, level: number): void {
    if (level > MAX_DEPTH) this.#fail(`elements nested deeper than ${MAX_DEPTH}`);
    let state: "outside" | "name" | "content" | "closing" = "outside";
    let name = "";
    let content = "";
    let closing = "";
    let item: XmlItem | undefined;
    let start = this.#position;
    let escaped = false;
    for (let char = this.#next(); char !== END; char = this.#next()) {
      if (state === "content" && char !== LESS && char !== BACKSLASH) {
        const run = this.#plainRun(NO_CONTENT, MAX_RUN - content.length);
        if (run !== "") {
          escaped = false;
          content += String.fromCharCode(char) + run;
          continue;
        }
      } else if (state === "outside" && char !== LESS && char !== BACKSLASH)
        this.#plainRun(NO_CONTENT, this.#text.length);
      if (char === BACKSLASH) escaped = !escaped;
      else if (char !== LESS) escaped = false;
      const size = state === "name" ? name.length : state === "content" ? content.length : closing.length;
      if (size >= MAX_SIZE) this.#fail(`more than ${MAX_SIZE - 1} bytes in one element, name or closing tag`);
      if (char === LESS && this.#skipComment()) continue;

      if (state === "outside" && !escaped) {
        if (char !== LESS) continue;
        start = this.#position - 1 - this.#returned.length;
        const following = this.#next();
        if (following === SLASH) this.#fail("closing tag without an opening one");
        this.#giveBack(following);
        state = "name";
      } else if (state === "name" && (char === GREATER || isBlank(char))) {
        let closed = name.endsWith("/");
        if (closed) name = name.slice(0, -1);
        item = this.#addElement(name, depth, start);
        if (isBlank(char) && this.#readAttributes(depth)) closed = true;
        if (closed) {
          if (depth > 0) return;
          state = "outside";
        } else state = "content";
        if (closed) name = "";
        content = "";
      } else if (state === "closing" && char === GREATER) {
        if (cString(closing) !== cString(name)) {
          this.#fail(`"<${name}>" is closed by "</${closing}>"`);
        }
        item!.content = cString(content);
        if (depth > 0) return;
        state = "outside";
        name = "";
        closing = "";
      } else if (state === "content" && char === LESS && !escaped) {
        const following = this.#next();
        if (following === SLASH) {
          state = "closing";
        } else {
          this.#giveBack(following);
          this.#giveBack(LESS);
          this.#readLevel(depth + 1, level + 1);
          content = "";
        }
      } else {
        const byte = String.fromCharCode(char);
        if (state === "name") name += byte + this.#plainRun(NO_NAME, MAX_RUN - name.length);
        else if (state === "content") content += byte;
        else if (state === "closing") closing += byte + this.#plainRun(NO_NAME, MAX_RUN - closing.length);
        if (char === LESS) escaped = false;
      }
    }
    if (state !== "outside" || depth > 0) this.#fail("the file ends inside an element; close it");
  }

  /** After a `<`: true when a comment followed. It ends at `-->` or `!>`. */
  #skipComment(): boolean {
    const first = this.#next();
    if (first !== BANG) {
      this.#giveBack(first);
      return false;
    }
    for (let char = this.#next(); char !== END; char = this.#next()) {
      if (char === BANG) {
        const after = this.#next();
        if (after === GREATER) return true;
        this.#giveBack(after);
      } else if (char === DASH) {
        let after = this.#next();
        if (after === DASH) {
          after = this.#next();
          if (after === GREATER) return true;
          // Behind two dashes the real reader hands the third character back twice.
          this.#giveBack(after);
        }
        this.#giveBack(after);
      } else this.#plainRun(NO_COMMENT, this.#text.length);
    }
    this.#fail('comment not closed; end it with "-->"');
  }

  /** Reads up to the end of the tag; true when it ended in `/`, whose `>` is then still to be read. */
  #readAttributes(depth: number): boolean {
    let name = "";
    let spaced = 0;
    for (let char = this.#next(); char !== END; char = this.#next()) {
      if (name.length >= MAX_SIZE) this.#fail("attribute name too long");
      if (char === GREATER || char === SLASH) {
        if (name !== "") this.#fail(`attribute "${name}" has no value`);
        return char === SLASH;
      }
      if (isBlank(char)) {
        if (name !== "") this.#fail(`attribute "${name}" has no value`);
        continue;
      }
      if (char !== EQUALS) {
        name += String.fromCharCode(char) + this.#plainRun(NO_NAME, MAX_RUN - name.length);
        continue;
      }
      const start = this.#position - name.length - 1;
      name = cString(name);
      if (this.#hasAttribute(name)) this.#fail(`attribute "${name}" stands twice`);
      const value = this.#readValue(name);
      this.#addItem("attribute", name, cString(value), depth, start);
      const after = this.#next();
      if (after === GREATER) return false;
      if (after === SLASH) return true;
      if (!isBlank(after)) this.#fail(`no blank after the value of attribute "${name}"`);
      if (++spaced > MAX_SPACED_ATTRIBUTES) this.#fail(`more than ${MAX_SPACED_ATTRIBUTES} attributes`);
      name = "";
    }
    this.#fail("the file ends inside a tag");
  }

  /** Searched backwards up to the first item that is no attribute, so not past one that is called `var`. */
  #hasAttribute(name: Bytes): boolean {
    for (let i = this.#items.length - 1; this.#items[i]!.kind === "attribute"; i--) {
      if (this.#items[i]!.name === name) return true;
    }
    return false;
  }

  #readValue(name: Bytes): Bytes {
    let quote = this.#next();
    while (isBlank(quote)) quote = this.#next();
    if (quote !== QUOTE && quote !== APOSTROPHE) this.#fail(`the value of attribute "${name}" is not in quotes`);
    let value = "";
    for (let char = this.#next(); char !== END; char = this.#next()) {
      if (value.length >= MAX_SIZE) this.#fail(`the value of attribute "${name}" is too long`);
      if (char === GREATER) this.#fail(`">" in the value of attribute "${name}", or its quote is not closed`);
      if (char === quote) return value;
      value += String.fromCharCode(char) + this.#plainRun(NO_VALUE, MAX_RUN - value.length);
    }
    this.#fail("the file ends inside a tag");
  }

  #addElement(name: Bytes, depth: number, start: number): XmlItem {
    return this.#addItem("element", cString(name), "", depth, start);
  }

  #addItem(kind: "element" | "attribute", name: Bytes, content: Bytes, depth: number, start: number): XmlItem {
    const variable = asciiLower(name) === "var";
    const item: XmlItem = { kind: variable ? "variable" : kind, name, content, depth, where: this.#place(start) };
    this.#items.push(item);
    return item;
  }

  #fail(message: string): never {
    throw new XmlError(message, this.#place(Math.max(0, this.#position - 1)));
  }

  /** Line and column of an offset; places are asked for in rising order but for a step back now and then. */
  #place(offset: number): Where {
    let { line, start } = this.#lastLine;
    if (offset < start) [line, start] = [1, 0];
    for (let end = this.#text.indexOf("\n", start); end >= 0 && end < offset; end = this.#text.indexOf("\n", start)) {
      line++;
      start = end + 1;
    }
    this.#lastLine = { line, start };
    return { file: this.#file, line, column: offset - start + 1 };
  }
}

function isBlank(char: number): boolean {
  return char === 0x20 || (char >= 0x09 && char <= 0x0d);
}
