/** Records of deployments on a manager that is reached by its API: in lists of its own, which no configuration declares. */
import type { StateStore } from "../target.js";
import type { ApiFiles } from "./api-files.js";

const PREFIX = "rulewright-";
/** Characters of base64 on a line of such a list. */
const LINE = 1000;

/** Whether a list holds a record and no keys. */
export function isState(list: string): boolean {
  return list.startsWith(PREFIX);
}

/** The manager looks whether a file is there, checks the new one and writes it: three steps. */
const SETTLES_IN_MS = 1_000;

export class ApiState implements StateStore {
  readonly settlesInMs: number;
  readonly #files: ApiFiles;

  constructor(files: ApiFiles, settlesInMs = SETTLES_IN_MS) {
    this.#files = files;
    this.settlesInMs = settlesInMs;
  }

  async names(): Promise<readonly string[]> {
    return (await this.#files.list("lists")).filter(isState).map((name) => name.slice(PREFIX.length));
  }

  async read(name: string): Promise<Uint8Array | null> {
    const bytes = await this.#files.read(address(name));
    return bytes && unpacked(bytes);
  }

  create(name: string, bytes: Uint8Array): Promise<boolean> {
    return this.#files.create(address(name), packed(bytes));
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    return this.#files.write(address(name), packed(bytes));
  }

  remove(name: string): Promise<void> {
    return this.#files.remove(address(name));
  }
}

function address(name: string) {
  return { kind: "lists", name: `${PREFIX}${name}` } as const;
}

/** `number:base64` a line, as the API checks lists. */
function packed(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString("base64");
  const lines = text.match(new RegExp(`.{1,${LINE}}`, "g")) ?? [""];
  return Buffer.from(lines.map((line, index) => `${index}:${line}\n`).join(""));
}

function unpacked(list: Uint8Array): Uint8Array {
  const lines = Buffer.from(list).toString().trimEnd().split("\n");
  return Buffer.from(lines.map((line) => line.slice(line.indexOf(":") + 1)).join(""), "base64");
}
