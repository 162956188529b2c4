/** What can be told about a manager from its directory, without asking it. */
import { access, constants, readFile } from "node:fs/promises";
import { join } from "node:path";
import { toBytes } from "../../engine/bytes.js";
import { readXml, XmlError } from "../../ruleset/xml.js";
import { FILE_KINDS, type TargetFacts } from "../target.js";

export async function localFacts(root: string, owner: { uid: number; gid: number }): Promise<TargetFacts> {
  const version = await localVersion(root);
  const clustered = await isClustered(root);
  return {
    version,
    nodes: [{ name: "manager", type: clustered ? "master" : "manager", version }],
    missingPermissions: await missing(root, owner),
    notChecked: clustered
      ? ["the other nodes of the cluster: a directory shows one node only; name the API in deploy.yaml instead"]
      : [],
  };
}

async function localVersion(root: string): Promise<string | null> {
  const file = await readFile(join(root, "VERSION.json"), "utf8").catch(() => null);
  const fromFile = file && /"version"\s*:\s*"v?(\d[^"]*)"/.exec(file)?.[1];
  if (fromFile) return fromFile;
  // Loaded where it is needed only: most managers have the file.
  const { execa } = await import("execa");
  const told = await execa(join(root, "bin/wazuh-control"), ["info", "-v"], { reject: false, timeout: 10_000 });
  return /v?(\d+\.\d+\.\d+)/.exec(String(told.stdout ?? ""))?.[1] ?? null;
}

async function isClustered(root: string): Promise<boolean> {
  try {
    const sections = readXml(toBytes(await readFile(join(root, "etc/ossec.conf"))), "etc/ossec.conf", {
      variables: false,
    }).flatMap(({ children }) => children);
    const cluster = sections.findLast(({ name }) => name === "cluster");
    return cluster?.children.findLast(({ name }) => name === "disabled")?.content.trim() === "no";
  } catch (error) {
    // What is wrong with it is told by those who need it.
    if (error instanceof XmlError || (error as NodeJS.ErrnoException).code) return false;
    throw error;
  }
}

async function missing(root: string, { uid, gid }: { uid: number; gid: number }): Promise<string[]> {
  const found: string[] = [];
  for (const path of ["etc", ...FILE_KINDS.map((kind) => `etc/${kind}`)])
    if (!(await mayWrite(join(root, path)))) found.push(`cannot write into ${join(root, path)}`);
  const [me, mine] = [process.getuid?.() ?? 0, process.getgroups?.() ?? []];
  if (me !== 0 && (me !== uid || !mine.includes(gid)))
    found.push(`cannot give files to user ${uid} and group ${gid}: run as root or as that user`);
  return found;
}

async function mayWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}
