import { EventEmitter } from "node:events";
import { expect, test, vi } from "vitest";
import { ChangedFiles } from "../../src/commands/changed-files.js";

const watchers = vi.hoisted(() => [] as (EventEmitter & { close(): Promise<void> })[]);
vi.mock("chokidar", () => ({
  watch: () => {
    const watcher = Object.assign(new EventEmitter(), { close: vi.fn(async () => {}) });
    watchers.push(watcher);
    return watcher;
  },
}));

test("files that count are told once, sorted, and those to be ignored never", async () => {
  const changed = new ChangedFiles(["/p"], (file) => file.endsWith(".ts"));
  const watcher = watchers.at(-1)!;
  const next = changed.next();
  for (const [event, path] of [
    ["change", "/p/b.ts"],
    ["addDir", "/p/dir.ts"],
    ["change", "/p/b.js"],
    ["add", "/p/a.ts"],
    ["change", "/p/b.ts"],
  ] as const)
    watcher.emit("all", event, path);
  expect(await next).toEqual(["/p/a.ts", "/p/b.ts"]);
  changed.ignore(["/p/a.ts"]);
  watcher.emit("all", "change", "/p/a.ts");
  watcher.emit("all", "unlink", "/p/b.ts");
  expect(changed.waiting).toEqual(["/p/b.ts"]);
  expect(await changed.next()).toEqual(["/p/b.ts"]);
});

test("where changes cannot be seen, it says so and lets the process end", async () => {
  const changed = new ChangedFiles(["/p"], () => true);
  const watcher = watchers.at(-1)!;
  const next = changed.next();
  watcher.emit("error", Object.assign(new Error("ENOSPC: limit of watchers"), { code: "ENOSPC" }));
  await expect(next).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("cannot watch for changes"),
  });
  expect(watcher.close).toHaveBeenCalledOnce();
});
