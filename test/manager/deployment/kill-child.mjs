/**
 * Deploys a build to a manager's directory, and ends itself with SIGKILL in front of the n-th call that changes the file
 * system: what an impatient administrator does. Calls that only make a change durable leave nothing else behind than the
 * change itself. Arguments: root, build, n (0: never), agent group.
 */
import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

const [root, buildDirectory, at, group] = process.argv.slice(2);
let calls = 0;

function counted(call) {
  return (...values) => {
    if (++calls === Number(at)) process.kill(process.pid, "SIGKILL");
    return call(...values);
  };
}
for (const name of ["rename", "link", "unlink", "mkdir", "chmod", "chown"]) fs[name] = counted(fs[name]);
const rm = fs.rm;
fs.rm = async (path, ...more) => (existsSync(path) ? counted(rm) : rm)(path, ...more);
const open = fs.open;
fs.open = async (path, flags, ...more) => {
  const handle = await (flags === undefined || flags === "r" ? open : counted(open))(path, flags, ...more);
  for (const name of ["write", "writeFile"]) handle[name] = counted(handle[name].bind(handle));
  return handle;
};
syncBuiltinESMExports();

// By their modules: what a deployment does not need would be loaded for every kill.
const { readBuildOutput } = await import("../../../dist/src/manager/build-output.js");
const { deployBuild } = await import("../../../dist/src/manager/deployment/deploy.js");
const { DirectoryTarget } = await import("../../../dist/src/manager/directory/directory-target.js");
const identity = { owner: String(process.getuid()), group: String(process.getgid()), mode: 0o660 };
const target = await DirectoryTarget.open({ name: "local", root, ...identity });
const result = await deployBuild(target, await readBuildOutput(buildDirectory), group, {
  tell: () => {},
  timeoutMs: 2_000,
  confirm: async () => true,
  fixtures: [],
  smoke: [],
  keys: new Map(),
});
console.log(JSON.stringify({ state: result.state, calls }));
