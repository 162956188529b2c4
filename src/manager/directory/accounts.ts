/** Numbers of users and groups by name: Node has no call for it. */
import { readFile } from "node:fs/promises";
import { problem } from "../../diagnostics/problem.js";

/** Throws a Problem where this machine knows no such user. A number stands for itself. */
export function userId(name: string): Promise<number> {
  return idIn("/etc/passwd", "owner", name);
}

export function groupId(name: string): Promise<number> {
  return idIn("/etc/group", "group", name);
}

async function idIn(file: string, what: "owner" | "group", name: string): Promise<number> {
  if (/^\d+$/.test(name)) return Number(name);
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n");
  const id = lines.map((line) => line.split(":")).find(([first]) => first === name)?.[2];
  if (id !== undefined) return Number(id);
  throw problem(3, {
    code: `${what}-unknown`,
    message: `there is no ${what} ${JSON.stringify(name)} in ${file}`,
    hint: `set ${what} of this target in deploy.yaml to whom the manager's files belong`,
  });
}
