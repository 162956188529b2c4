/** Unicode properties, `\p{…}`, as far as they concern characters below 256. */
import { type CharSet, complement } from "./char-set.js";
import { OF_NO_BYTE, PROPERTIES, SCRIPTS } from "./property-names.js";
import type { Scanner } from "./scanner.js";

/** Reads the property behind `\p` or `\P`. */
export function readProperty(scanner: Scanner, negated: boolean): CharSet {
  let inverted = negated;
  let name = scanner.next();
  if (name === "{") {
    const end = scanner.text.indexOf("}", scanner.position);
    if (end < 0) scanner.refuse("\\p{…} not closed");
    if (scanner.accept("^")) inverted = !inverted;
    name = scanner.text.slice(scanner.position, end);
    scanner.position = end + 1;
  }
  const set = setOfProperty(name.toLowerCase().replace(/[\t-\r _-]/g, ""));
  if (set === null) scanner.refuse(`unknown property "${name}"`);
  return inverted ? complement(set) : set;
}

/** Null for a name that PCRE2 does not know. @param name without case, spaces and the like */
function setOfProperty(name: string): CharSet | null {
  properties ??= readProperties();
  const [, kind, value] = /^([^:=]*)[:=](.*)$/s.exec(name) ?? [];
  switch (kind) {
    case undefined:
      return properties.get(name) ?? null;
    case "bc":
    case "bidiclass":
      return properties.get(`bidi${value}`) ?? null;
    // To a byte it makes no difference whether extensions count.
    case "sc":
    case "script":
    case "scx":
    case "scriptextensions":
      return words(SCRIPTS).includes(value!) ? properties.get(value!)! : null;
    default:
      return null;
  }
}

/** Made when the first property is read: few patterns have one. */
let properties: ReadonlyMap<string, CharSet> | null = null;

function readProperties(): ReadonlyMap<string, CharSet> {
  const none = new Uint8Array(256);
  const sets = new Map<string, CharSet>(words(`${OF_NO_BYTE} ${SCRIPTS}`).map((name) => [name, none]));
  for (const [bytes, names] of PROPERTIES) {
    const set = new Uint8Array(256);
    for (const range of words(bytes)) {
      const [first, last = first] = range.split("-").map((digits) => Number.parseInt(digits, 16));
      set.fill(1, first!, last! + 1);
    }
    for (const name of words(names)) sets.set(name, set);
  }
  return sets;
}

function words(list: string): string[] {
  return list.split(/\s+/).filter((word) => word !== "");
}
