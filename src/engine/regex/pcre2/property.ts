/** Unicode properties, `\p{…}`, as far as they concern characters below 256. */
import { type CharSet, complement } from "./char-set.js";
import type { Scanner } from "./scanner.js";

/** PCRE2's own names, as the properties of JavaScript's regular expressions. */
const SPECIAL: Readonly<Record<string, string>> = {
  any: "[^]",
  "l&": "[\\p{Lu}\\p{Ll}\\p{Lt}]",
  lc: "[\\p{Lu}\\p{Ll}\\p{Lt}]",
  xan: "[\\p{L}\\p{N}]",
  xsp: "[\\p{Z}\\t-\\r\\x85]",
  xps: "[\\p{Z}\\t-\\r\\x85]",
  xwd: "[\\p{L}\\p{N}_]",
  xuc: "[$@`\\xa0-\\xff]",
};
const CATEGORY = /^(?:c[cfnos]?|l[lmotu]?|m[cen]?|n[dlo]?|p[cdefios]?|s[ckmo]?|z[lps]?)$/;

/** Reads the property behind `\p` or `\P`. */
export function readProperty(scanner: Scanner, negated: boolean): CharSet {
  const start = scanner.position;
  let inverted = negated;
  let name = scanner.next();
  if (name === "{") {
    const end = scanner.text.indexOf("}", scanner.position);
    if (end < 0) scanner.refuse("\\p{…} not closed");
    if (scanner.accept("^")) inverted = !inverted;
    name = scanner.text.slice(scanner.position, end);
    scanner.position = end + 1;
  }
  const source = propertySource(name);
  if (source === null) {
    if (!/^[A-Za-z]/.test(name)) scanner.refuse("malformed \\p");
    scanner.unsupported(`the property "${scanner.text.slice(start, scanner.position)}"`);
  }
  const pattern = new RegExp(source, "u");
  const set = Uint8Array.from({ length: 256 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));
  return inverted ? complement(set) : set;
}

/** A regular expression for one character with the property; null for a name that is not known here. */
function propertySource(name: string): string | null {
  const loose = name.toLowerCase().replace(/[\s_-]/g, "");
  if (Object.hasOwn(SPECIAL, loose)) return SPECIAL[loose]!;
  if (CATEGORY.test(loose)) return `\\p{${loose[0]!.toUpperCase()}${loose.slice(1)}}`;
  const [, kind = "", value = ""] = /^(?:(scx?|script|scriptextensions)[:=])?([a-z]+)$/.exec(loose) ?? [];
  const script = name
    .slice(name.search(/[^:=]*$/))
    .trim()
    .replace(/[A-Za-z]+/g, (word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase())
    .replace(/[\s-]/g, "_");
  if (value === "") return null;
  const property = kind === "sc" || kind === "script" ? "Script" : "Script_Extensions";
  for (const source of [`\\p{${property}=${script}}`, `\\p{${script}}`]) {
    if (isKnown(source)) return source;
  }
  return null;
}

function isKnown(source: string): boolean {
  try {
    new RegExp(source, "u");
    return true;
  } catch {
    return false;
  }
}
