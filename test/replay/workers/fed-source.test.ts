import { MessageChannel } from "node:worker_threads";
import { expect, test } from "vitest";
import { FedSource } from "../../../src/replay/workers/fed-source.js";
import type { FedBlock, FedMessage } from "../../../src/replay/workers/messages.js";
import { SharedState } from "../../../src/replay/workers/shared-state.js";

test("a fed worker gets its blocks in order, waits for none that it need not wait for, and gives their memory back", () => {
  const { port1: feed, port2: port } = new MessageChannel();
  const shared = new SharedState(2);
  const send = (message: FedMessage) => {
    feed.postMessage(message);
    shared.fed(1).value++;
  };
  const blockOf = (index: number, text: string): FedBlock => ({
    index,
    // The memory is larger than the block.
    bytes: new Uint8Array(Buffer.concat([Buffer.from(text), Buffer.from("!")])).subarray(0, text.length),
    ends: Uint32Array.of(text.length),
    location: "l",
    times: Float64Array.of(7),
    linesBefore: index,
    startedAt: 7,
  });
  const returned: string[] = [];
  const source = new FedSource(port, shared.fed(1), (bytes) => returned.push(Buffer.from(bytes).toString()));
  expect(source.isReady).toBe(false);
  send(blockOf(1, "one"));
  send(blockOf(3, "three"));
  send("end");
  const read = [source.next(), source.next()].map((block) => [block?.index, block?.block.lines(), block?.linesBefore]);
  expect(read).toEqual([
    [1, ["one"], 1],
    [3, ["three"], 3],
  ]);
  expect(returned).toEqual(["one"]);
  expect(source.isReady).toBe(true);
  expect(source.next()).toBeNull();
  expect(source.isReady).toBe(false);
  expect(returned).toEqual(["one", "three"]);
  feed.close();
});
