/**
 * Reader of the INI files in which Wazuh keeps the tests of its ruleset, with the rules of the reader that upstream's
 * runner uses: a repeated key, or a repeated section, adds lines to the value instead of replacing it.
 */

/** Sections in order of first appearance; a value is its lines. */
export type IniFile = ReadonlyMap<string, IniSection>;
export type IniSection = ReadonlyMap<string, readonly string[]>;

const SECTION = /^\[(.+)\]/;
const OPTION = /^(.*?)\s*[=:]\s*(.*)$/;

/** Keys are in lower case. Lines that are neither section, option, comment nor continuation are skipped. */
export function parseIni(text: string): IniFile {
  const sections = new Map<string, Map<string, string[]>>();
  let section: Map<string, string[]> | undefined;
  let value: string[] | undefined;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const content = line.trim();
    if (content === "" || content.startsWith("#") || content.startsWith(";")) continue;
    if (value !== undefined && /^\s/.test(line)) {
      value.push(content);
      continue;
    }
    const header = SECTION.exec(content);
    const option = OPTION.exec(content);
    if (header !== null) {
      section = entry(sections, header[1]!, () => new Map());
      value = undefined;
    } else if (section !== undefined && option !== null) {
      value = entry(section, option[1]!.toLowerCase(), () => []);
      value.push(option[2]!.trim());
    }
  }
  return sections;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
