/** Files of a manager by its API: custom ones to read and write, stock ones to read. */
import { problem } from "../../diagnostics/problem.js";
import { type Address, addressText, type FileKind, type ManagerFiles } from "../target.js";
import { assertAcceptable } from "./acceptable.js";
import type { ApiClient, ApiRequest } from "./api-client.js";
import { ApiRefusal } from "./envelope.js";

/** A page of a listing, the most that the API gives by default. */
const PAGE = 500;
const ALREADY_THERE = 1905;

interface ListedFile {
  readonly filename: string;
  readonly relative_dirname: string;
}
interface Page<T> {
  readonly affected_items: readonly T[];
  readonly total_affected_items: number;
}

export class ApiFiles {
  readonly #client: ApiClient;
  /** Of ossec.conf of this node. */
  readonly #configuration: (node: string) => Promise<string>;

  constructor(client: ApiClient, configurationPath: (node: string) => Promise<string>) {
    this.#client = client;
    this.#configuration = configurationPath;
  }

  /** Names directly in `etc/<kind>`, sorted. */
  async list(kind: FileKind): Promise<string[]> {
    const files = await this.#all(kind, { relative_dirname: `etc/${kind}` });
    return files
      .filter((file) => file.relative_dirname === `etc/${kind}`)
      .map(({ filename }) => filename)
      .sort();
  }

  async read(address: Address): Promise<Uint8Array | null> {
    try {
      return await this.#client.raw(await this.#reading(address));
    } catch (error) {
      // The codes of "there is none" differ from kind to kind and version to version: the listing knows.
      if (error instanceof ApiRefusal && !(await this.#isThere(address))) return null;
      throw error;
    }
  }

  async write(address: Address, bytes: Uint8Array): Promise<void> {
    assertAcceptable(address, bytes);
    await this.#client.data(await this.#writing(address, bytes, true));
  }

  /** False when there is such a file already. */
  async create(address: Address & { kind: FileKind }, bytes: Uint8Array): Promise<boolean> {
    assertAcceptable(address, bytes);
    try {
      await this.#client.data(await this.#writing(address, bytes, false));
      return true;
    } catch (error) {
      if (!(error instanceof ApiRefusal && error.codes.includes(ALREADY_THERE))) throw error;
      // An answer that got lost, after which the request was made again, has made it all the same.
      const found = await this.read(address);
      return found !== null && Buffer.compare(found, bytes) === 0;
    }
  }

  async remove(address: Address): Promise<void> {
    if (address.kind === "configuration") throw new Error("ossec.conf is not removed");
    // A group has an agent.conf always: an empty one says nothing.
    if (address.kind === "group") {
      await this.write(address, Buffer.from("<agent_config>\n</agent_config>\n"));
      return;
    }
    try {
      await this.#client.data({ method: "DELETE", path: pathOf(address) });
    } catch (error) {
      if (!(error instanceof ApiRefusal) || (await this.#isThere(address))) throw error;
    }
  }

  /** Everything that the loader of this node would look at. */
  async installed(node: string, tell?: (line: string) => void): Promise<ManagerFiles> {
    const files = new Map<string, Uint8Array>();
    const unreadable = new Map<string, string>();
    const keep = async (path: string, request: ApiRequest) => {
      try {
        files.set(path, await this.#client.raw(request));
      } catch (error) {
        if (!(error instanceof ApiRefusal)) throw error;
        unreadable.set(path, error.message);
      }
    };
    // Without it nothing can be told of the rest.
    files.set("etc/ossec.conf", await this.#client.raw(await this.#reading({ kind: "configuration", node })));
    for (const kind of ["decoders", "rules", "lists"] as const)
      for (const { filename, relative_dirname } of await this.#all(kind, {})) {
        await keep(`${relative_dirname}/${filename}`, {
          method: "GET",
          path: `/${kind}/files/${encodeURIComponent(filename)}`,
          // Lists are found wherever they are.
          ...(kind !== "lists" && { query: { relative_dirname } }),
        });
        if (files.size % 100 === 0) tell?.(`${files.size} files read`);
      }
    return { files, unreadable };
  }

  async #all(kind: FileKind, query: Record<string, string>): Promise<ListedFile[]> {
    const found: ListedFile[] = [];
    for (;;) {
      const page = await this.#client.data<Page<ListedFile>>({
        method: "GET",
        path: `/${kind}/files`,
        query: { ...query, offset: found.length, limit: PAGE },
      });
      found.push(...page.affected_items);
      if (page.affected_items.length === 0 || found.length >= page.total_affected_items) return found;
    }
  }

  async #isThere(address: Address): Promise<boolean> {
    if (address.kind === "configuration") return true;
    if (address.kind === "group") return (await this.groups()).includes(address.name);
    return (await this.list(address.kind)).includes(address.name);
  }

  async groups(): Promise<string[]> {
    const { affected_items } = await this.#client.data<Page<{ name: string }>>({
      method: "GET",
      path: "/groups",
      query: { limit: PAGE },
    });
    return affected_items.map(({ name }) => name);
  }

  async #reading(address: Address): Promise<ApiRequest> {
    if (address.kind === "configuration") return { method: "GET", path: await this.#configuration(address.node) };
    if (address.kind === "group")
      return { method: "GET", path: `/groups/${encodeURIComponent(address.name)}/files/agent.conf` };
    return { method: "GET", path: pathOf(address) };
  }

  async #writing(address: Address, bytes: Uint8Array, overwrite: boolean): Promise<ApiRequest> {
    const body = { type: "application/octet-stream", bytes } as const;
    if (address.kind === "configuration")
      return { method: "PUT", path: await this.#configuration(address.node), query: { wait_for_complete: true }, body };
    if (address.kind === "group")
      return {
        method: "PUT",
        path: `/groups/${encodeURIComponent(address.name)}/configuration`,
        query: { wait_for_complete: true },
        body: { type: "application/xml", bytes },
      };
    return { method: "PUT", path: pathOf(address), query: { overwrite, wait_for_complete: true }, body };
  }
}

function pathOf(address: Address): string {
  if (address.kind === "configuration" || address.kind === "group")
    throw problem(2, { code: "target-unusable", message: `${addressText(address)} is no file of the ruleset` });
  return `/${address.kind}/files/${encodeURIComponent(address.name)}`;
}
