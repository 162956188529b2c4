/** The API of a manager double over HTTPS: authentication, envelopes, validation and limits as they are documented, and faults. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { CERTIFICATE, KEY } from "./certificate.js";
import type { ManagerDouble, NodeDouble } from "./manager-double.js";
import { health, reload, validation } from "./node-replies.js";
import { actionOf, policies } from "./permissions.js";
import { allItems, failure, items, type Reply, refused, text } from "./replies.js";
import { filesReply, type Kind } from "./ruleset-files.js";

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

/** What goes wrong with a request. `drop`: no answer, nothing done; `lost`: done, and no answer. */
export type Fault = "401" | "429" | "500" | "drop" | "lost" | "slow" | "disk-full" | "not-written";

export const USER = "deployer";
export const PASSWORD = "only a double's password";
const LARGEST = 10_485_760;
/** Longer than the client under test waits. */
const SLOW_MS = 5_000;

export class ApiDouble {
  readonly manager: ManagerDouble;
  readonly requests: SeenRequest[] = [];
  /** Asked for every request, in order; null: nothing goes wrong. */
  fault: (request: SeenRequest, index: number) => Fault | null = () => null;
  /** Actions that its user may not do. */
  forbidden = new Set<string>();
  rbacMode: "white" | "black" = "white";
  version = "4.14.7";
  /** After so many requests, so many are refused: what is a minute to the manager is counted here. */
  limit = { requests: Number.POSITIVE_INFINITY, refusals: 0 };
  #taken = 0;
  /** Requests that a token lasts for. */
  tokenLasts = Number.POSITIVE_INFINITY;
  /** A wrong one is refused with 401. */
  #tokens = new Map<string, number>();
  #made = 0;
  #server: Server | null = null;

  constructor(manager: ManagerDouble) {
    this.manager = manager;
  }

  async start(): Promise<string> {
    this.#server = createServer({ key: KEY, cert: CERTIFICATE }, (request, response) => {
      void this.#serve(request, response);
    });
    await new Promise<void>((resolve) => this.#server!.listen(0, "127.0.0.1", resolve));
    return `https://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "/", "https://double");
    const seen: SeenRequest = {
      method: request.method ?? "",
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      contentType: request.headers["content-type"],
      body: Buffer.concat(chunks),
    };
    const index = this.requests.push(seen) - 1;
    const fault = this.fault(seen, index);
    if (fault === "drop") {
      request.socket.destroy();
      return;
    }
    if (fault === "slow") await new Promise((resolve) => setTimeout(resolve, SLOW_MS).unref());
    const reply = this.#replyTo(seen, request.headers.authorization ?? "", fault);
    if (fault === "lost") {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, { "content-type": reply.type });
    response.end(reply.body);
  }

  #replyTo(request: SeenRequest, authorization: string, fault: Fault | null): Reply {
    if (fault === "401") return refused(401, "Unauthorized", "Invalid token");
    if (fault === "429")
      return refused(429, "Too Many Requests", "Maximum number of requests per minute reached", 6001);
    if (this.#tooMany())
      return refused(429, "Too Many Requests", "Maximum number of requests per minute reached", 6001);
    if (fault === "500") return refused(500, "Internal Server Error", "Wazuh Internal Error", 1000);
    if (request.body.length > LARGEST) return refused(413, "Content Too Large", "Maximum content size limit exceeded");
    if (request.path === "/security/user/authenticate") return this.#authenticate(request, authorization);
    if (!this.#isValid(authorization)) return refused(401, "Unauthorized", "Invalid token");
    if (fault === "disk-full" && request.method === "PUT" && request.contentType !== "application/json")
      return failure(request.path, 1006, "File/directory does not exist or there is a problem with the disk");
    const action = actionOf(request, this.#clustered);
    if (action && this.forbidden.has(action))
      return refused(403, "Permission Denied", `Permission denied: Resource type: ${action}`, 4000);
    return this.#route(request, fault === "not-written");
  }

  #tooMany(): boolean {
    if (++this.#taken <= this.limit.requests) return false;
    if (this.#taken >= this.limit.requests + this.limit.refusals) this.#taken = 0;
    return true;
  }

  #authenticate({ method }: SeenRequest, authorization: string): Reply {
    if (method === "DELETE") return items([]);
    const expected = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
    if (authorization !== expected) return refused(401, "Unauthorized", "Invalid credentials");
    const token = `token-${++this.#made}`;
    this.#tokens.set(token, this.tokenLasts);
    return allItems({ token });
  }

  #isValid(authorization: string): boolean {
    const token = authorization.replace(/^Bearer /, "");
    const left = this.#tokens.get(token) ?? 0;
    this.#tokens.set(token, left - 1);
    return left > 0;
  }

  #route(request: SeenRequest, swallowed: boolean): Reply {
    const { method, path, query } = request;
    const files = /^\/(rules|decoders|lists)\/files(?:\/(.+))?$/.exec(path);
    if (files) return filesReply(this.manager, request, files[1] as Kind, files[2], swallowed);
    const active = /^\/cluster\/([^/]+)\/configuration\/analysis\/rules$/.exec(path);
    if (active && method === "GET" && this.#isScope(path)) return this.#rules(active[1]!);
    const node = /^\/(?:manager|cluster\/([^/]+))\/configuration$/.exec(path);
    if (node && this.#isScope(path)) return this.#node(request, node[1] ?? this.manager.master.name, swallowed);
    const group = /^\/groups\/([^/]+)\/(?:files\/agent\.conf|configuration)$/.exec(path);
    if (group) return this.#group(request, group[1]!, swallowed);
    const session = /^\/logtest\/sessions\/(\w+)$/.exec(path);
    if (session && method === "DELETE")
      return this.manager.closeSession(session[1]!)
        ? allItems({})
        : refused(400, "Bad Request", "no such session", 7316);
    switch (`${method} ${path}`) {
      case "GET /":
        return allItems({ title: "Wazuh API REST", api_version: this.version });
      case "GET /security/users/me/policies":
        return allItems({ ...policies(this.forbidden), rbac_mode: this.rbacMode });
      case "GET /cluster/status":
        return allItems({ enabled: this.#clustered ? "yes" : "no", running: this.#clustered ? "yes" : "no" });
      case "GET /cluster/nodes":
        return items(
          this.manager.nodes.map(({ name, type }) => ({ name, type, version: this.version, ip: "127.0.0.1" })),
        );
      case "GET /cluster/ruleset/synchronization":
        this.manager.integrityCheck();
        return items(
          this.manager.nodes.map((each) => ({ name: each.name, synced: this.manager.isSynchronised(each) })),
        );
      case "GET /cluster/healthcheck":
        this.manager.integrityCheck();
        return items(this.manager.nodes.map((each) => health(each, this.version)));
      case "GET /groups":
        return items(this.#groups().map((name) => ({ name, count: 1 })));
      case "PUT /logtest":
        return this.#logtest(request);
      case "GET /manager/configuration/validation":
      case "GET /cluster/configuration/validation":
        return validation(this.manager);
      case "PUT /manager/analysisd/reload":
      case "PUT /cluster/analysisd/reload":
        return reload(this.manager, this.#nodesIn(query));
      default:
        return refused(404, "Not Found", `${method} ${path}`);
    }
  }

  get #clustered(): boolean {
    return this.manager.nodes.length > 1;
  }

  /** A clustered manager has no `manager:*` actions, and a lone one no nodes. */
  #isScope(path: string): boolean {
    return path.startsWith("/cluster/") === this.#clustered;
  }

  #rules(name: string): Reply {
    const node = this.manager.node(name);
    return node ? items([{ rules: this.manager.rulesOf(node) }]) : failure(name, 1730, "node does not exist");
  }

  #node(request: SeenRequest, name: string, swallowed: boolean): Reply {
    const node = this.manager.node(name);
    if (!node) return failure(name, 1730, "node does not exist");
    if (request.method === "GET") return text(node.files.get("etc/ossec.conf")!);
    if (request.contentType !== "application/octet-stream")
      return refused(406, "Not Acceptable", "wrong content type", 6002);
    const changed = new Map(node.files).set("etc/ossec.conf", request.body);
    if (!this.manager.check(changed).loads) return failure(name, 1125, "invalid ossec configuration");
    if (!swallowed) node.files = changed;
    return items([name]);
  }

  #group({ method, body, contentType }: SeenRequest, name: string, swallowed: boolean): Reply {
    if (!this.#groups().includes(name)) return refused(404, "Resource Not Found", "the group does not exist", 1710);
    const path = `etc/shared/${name}/agent.conf`;
    if (method === "GET") return text(this.manager.files.get(path)!);
    if (contentType !== "application/xml") return refused(406, "Not Acceptable", "wrong content type", 6002);
    // The manager prints it in its own way.
    const printed = body.toString().replace(/\n[ \t]+/g, "\n        ");
    if (!swallowed) this.manager.files.set(path, Buffer.from(printed));
    return allItems({});
  }

  #groups(): string[] {
    return [...this.manager.files.keys()].flatMap((path) => /^etc\/shared\/([^/]+)\//.exec(path)?.[1] ?? []);
  }

  #logtest({ body, contentType }: SeenRequest): Reply {
    if (contentType !== "application/json") return refused(406, "Not Acceptable", "wrong content type", 6002);
    return {
      status: 200,
      type: "application/json",
      body: JSON.stringify(this.manager.logtest(JSON.parse(body.toString()))),
    };
  }

  #nodesIn(query: URLSearchParams): NodeDouble[] {
    const names = query.get("nodes_list")?.split(",");
    return this.manager.nodes.filter(({ name }) => names?.includes(name) ?? true);
  }
}
