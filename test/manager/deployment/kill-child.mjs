/**
 * Deploys a build to a manager's directory, and ends itself with SIGKILL in front of the n-th call that changes the file
 * system: what a power cut or an impatient administrator does. Arguments: root, build, n (0: never), agent group.
 */
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
for (const name of ["rename", "link", "unlink", "rm", "mkdir", "chmod", "chown"]) fs[name] = counted(fs[name]);
const open = fs.open;
fs.open = async (path, flags, ...more) => {
  const handle = await (flags === undefined || flags === "r" ? open : counted(open))(path, flags, ...more);
  for (const name of ["write", "writeFile", "sync", "datasync"])
    if (handle[name]) handle[name] = counted(handle[name].bind(handle));
  return handle;
};
syncBuiltinESMExports();

const { deployBuild, openTarget, readBuildOutput } = await import("rulewright/manager");
const identity = { owner: String(process.getuid()), group: String(process.getgid()) };
const { target } = await openTarget("local", { kind: "directory", root, ...identity, agent_group: group });
const result = await deployBuild(target, await readBuildOutput(buildDirectory), group, {
  tell: () => {},
  timeoutMs: 2_000,
  confirm: async () => true,
  fixtures: [],
  smoke: [],
  keys: new Map(),
});
console.log(JSON.stringify({ state: result.state, calls }));
