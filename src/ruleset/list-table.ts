/** The lists that a configuration declares, and which of them a rule's `<list>` means: lists.c and lists_list.c. */
import { type Bytes, fromBytes, toBytes } from "../engine/bytes.js";
import type { CdbList } from "../engine/model.js";
import { readList } from "./list-file.js";
import type { Reporter } from "./reporter.js";

/** Text of a list; the name is the path that the configuration declares, `etc/lists/NAME`. */
export interface ListFile {
  readonly name: string;
  readonly text: string | Uint8Array;
}

export class ListTable {
  /** By the name of the text file. */
  readonly lists = new Map<string, CdbList>();

  /** Loads the declared lists. One without a file is a warning; the rules that use it are then dropped. */
  constructor(declared: readonly string[], files: readonly ListFile[], reporter: Reporter) {
    for (const declaration of declared) {
      const name = textFileName(declaration);
      const file = files.find((candidate) => candidate.name === name);
      if (!file) reporter.warning("list-file-missing", `list "${name}" is declared, but there is no such file`);
      else if (!this.lists.has(name)) this.lists.set(name, readList(name, toBytes(file.text)));
    }
  }

  /** The list with this very path, with or without `.cdb`. */
  find(reference: Bytes): CdbList | undefined {
    const name = fromBytes(reference);
    return this.lists.get(name) ?? (name.endsWith(".cdb") ? this.lists.get(name.slice(0, -4)) : undefined);
  }
}

/** The text file that a `<list>` means: `.cdb` and what follows is cut off; a bare name is looked for among the rules. */
export function textFileName(declaration: string): string {
  const path = declaration.includes("/") ? declaration : `ruleset/rules/${declaration}`;
  return path.split(".cdb", 1)[0]!;
}
