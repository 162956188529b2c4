import { mkdirSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deployBuild } from "../../../src/manager/deployment/deploy.js";
import { verify } from "../../../src/manager/verify.js";
import { ManagerDouble } from "../double/manager-double.js";
import { localManager, openLocal } from "../local-manager.js";
import { sampleBuild, sampleOptions, treeOf } from "../sample-manager.js";

const HEADER = 4;
interface Asked {
  readonly command: string;
  readonly parameters: { event: string; location: string; token?: string };
}

/** Answers on a socket as the manager does: the length in four bytes, then JSON; one request per connection. */
function answering(path: string, answer: (asked: Asked) => object | null): Promise<Server> {
  const server = createServer((socket: Socket) => {
    let bytes = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk as Buffer]);
      if (bytes.length < HEADER || bytes.length < HEADER + bytes.readUInt32LE(0)) return;
      const told = answer(JSON.parse(bytes.subarray(HEADER).toString()));
      if (told === null) {
        socket.destroy();
        return;
      }
      const body = Buffer.from(JSON.stringify(told));
      const header = Buffer.alloc(HEADER);
      header.writeUInt32LE(body.length);
      // In two pieces, as a network may.
      socket.write(Buffer.concat([header, body.subarray(0, 3)]));
      setTimeout(() => socket.end(body.subarray(3)), 2);
    });
    socket.on("error", () => {});
  });
  return new Promise((resolve) => server.listen(path, () => resolve(server)));
}

let root: string;
const servers: Server[] = [];
beforeEach(() => {
  root = localManager();
  mkdirSync(join(root, "queue/sockets"), { recursive: true });
});
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  rmSync(root, { recursive: true });
});

/** A manager that runs in the directory; `reload` is its answer to a reload. */
async function running(reload: () => object | null): Promise<string[]> {
  const asked: string[] = [];
  let double = new ManagerDouble();
  const logtest = await answering(join(root, "queue/sockets/logtest"), ({ command, parameters }) => {
    asked.push(command);
    if (command === "remove_session") return { error: 0 };
    if (parameters.token === undefined) {
      const files = Object.entries(treeOf(root)).map(([path, text]) => [path, Buffer.from(text, "latin1")] as const);
      double = new ManagerDouble();
      double.master.files = new Map(files);
    }
    return double.logtest(parameters);
  });
  const analysis = await answering(join(root, "queue/sockets/analysis"), ({ command }) => {
    asked.push(command);
    return reload();
  });
  servers.push(logtest, analysis);
  return asked;
}

describe("a manager that runs on this machine", () => {
  test("is asked about the new files by its logtest, then reloads, and agrees with the embedded engine", async () => {
    const asked = await running(() => ({ error: 0, message: "ok", data: [] }));
    const target = await openLocal(root);
    const result = await deployBuild(target, await sampleBuild(1), null, sampleOptions(1));
    expect(result).toMatchObject({ state: "deployed", reload: { state: "reloaded", messages: [] } });
    const commands = asked.join(" ");
    expect(commands).toMatch(/^log_processing remove_session (?:log_processing )+remove_session reload-ruleset$/);
    const lines = ["sample: alice", "sample: mallory"].map((line) => ({ line, location: "x", about: line }));
    expect(await verify(target, lines, () => {})).toMatchObject({ events: 2, differences: [], notChecked: [] });
  });

  test.each([
    [
      "refuses to load it",
      () => ({ error: 1, message: "ok", data: ["(1220): broken"] }),
      "the manager does not load the ruleset",
    ],
    [
      "loads it with a warning",
      () => ({ error: 0, message: "ok", data: ["(7612): duplicated"] }),
      "the manager warns: (7612): duplicated",
    ],
    ["hangs up", () => null, "did not answer reload-ruleset"],
  ])("%s: what was there is put back and loaded", async (_name, first, told) => {
    let reloads = 0;
    await running(() => (reloads++ === 0 ? first() : { error: 0, message: "ok", data: [] }));
    const before = treeOf(root);
    const task = deployBuild(await openLocal(root), await sampleBuild(1), null, sampleOptions(1));
    await expect(task).rejects.toThrow(told);
    await expect(task).rejects.toThrow("what was there has been put back");
    expect(treeOf(root)).toEqual(before);
    expect(reloads).toBe(2);
  });
});
