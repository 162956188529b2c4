import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { syntaxPosition, thrownPosition } from "./authoring/source-position.js";
import { problem, systemReason } from "./diagnostics/problem.js";
import type { PackNode } from "./ir/nodes.js";

/** Where a project keeps what the commands work on; absolute paths. */
export interface Project {
  readonly root: string;
  /** Compiled module whose default export is the pack. */
  readonly pack: string;
  readonly policy: string;
  readonly ruleIds: string;
  readonly generated: string;
  readonly fixtures: string;
  /** Its package.json has a script that compiles and builds. */
  readonly hasBuildScript: boolean;
}

interface PackageFile {
  readonly rulewright?: Configuration;
  readonly scripts?: Readonly<Record<string, string>> | null;
}

/** Member `rulewright` of the project's package.json; every member may be left out. */
interface Configuration {
  readonly pack?: string;
  readonly policy?: string;
  readonly ruleIds?: string;
  readonly generated?: string;
  readonly fixtures?: string;
}

const SHIPPED = packageRoot(dirname(fileURLToPath(import.meta.url)));

/** The nearest folder with a package.json; the folder itself where there is none, as for a program bundled into one file. */
export function packageRoot(folder: string, exists: (file: string) => boolean = existsSync): string {
  for (let at = folder; ; at = dirname(at)) {
    if (exists(join(at, "package.json"))) return at;
    if (at === dirname(at)) return folder;
  }
}

/**
 * The project in `directory` or above it: the nearest package.json that has a member `rulewright`. Without one, the pack
 * that rulewright ships.
 */
export async function findProject(directory: string = process.cwd()): Promise<Project> {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    const file = await readPackageFile(join(folder, "package.json"));
    if (file?.rulewright) return projectAt(folder, file);
    if (folder === dirname(folder))
      return projectAt(SHIPPED, (await readPackageFile(join(SHIPPED, "package.json"))) ?? {});
  }
}

async function readPackageFile(file: string): Promise<PackageFile | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return null;
  }
  try {
    return JSON.parse(text) as PackageFile | null;
  } catch (error) {
    throw problem(3, { code: "package-json", message: `${file} is no JSON: ${(error as Error).message}` });
  }
}

function projectAt(root: string, file: PackageFile): Project {
  const configuration = configurationOf(file, join(root, "package.json"));
  const at = (path: string) => resolve(root, path);
  return {
    root,
    pack: at(configuration.pack ?? "dist/rulesets/pack.js"),
    policy: at(configuration.policy ?? "site.yaml"),
    ruleIds: at(configuration.ruleIds ?? "rulesets/rule-ids.json"),
    generated: at(configuration.generated ?? "generated"),
    fixtures: at(configuration.fixtures ?? "fixtures"),
    hasBuildScript: file.scripts?.build !== undefined,
  };
}

const SETTINGS: readonly string[] = ["pack", "policy", "ruleIds", "generated", "fixtures"];

/** Member `rulewright`, or nothing. Throws a Problem for what is no setting: it would have no effect. */
function configurationOf({ rulewright = {} }: PackageFile, file: string): Configuration {
  const wrong = (message: string) =>
    problem(3, { code: "package-json", message: `${file}: ${message}`, hint: `settings are ${SETTINGS.join(", ")}` });
  if (typeof rulewright !== "object" || Array.isArray(rulewright)) throw wrong("rulewright must be an object");
  for (const [name, value] of Object.entries(rulewright)) {
    if (!SETTINGS.includes(name)) throw wrong(`rulewright.${name} is no setting`);
    if (typeof value !== "string") throw wrong(`rulewright.${name} must be a path`);
  }
  return rulewright;
}

/** Where rulewright's own modules lie: bundled, and in the sources that source maps name. */
const OWN = [join(SHIPPED, "dist/bin/"), join(SHIPPED, "src/")];

/** Imports the project's pack. Throws a Problem when there is none. */
export async function loadPack(project: Project): Promise<PackNode> {
  // Positions of definitions are taken from stack traces; source maps lead them back to the TypeScript.
  process.setSourceMapsEnabled(true);
  if (!existsSync(project.pack)) {
    throw problem(3, {
      code: "pack-missing",
      message: `there is no pack at ${project.pack}`,
      hint: "compile the definitions first (npm run compile), or name the compiled module in package.json: rulewright.pack",
    });
  }
  let module: { default?: PackNode };
  try {
    module = await import(pathToFileURL(project.pack).href);
  } catch (error) {
    throw problem(1, {
      code: "pack-broken",
      message: `${project.pack} cannot be imported: ${systemReason(error)}`,
      where: thrownPosition(error, OWN) ?? (error instanceof SyntaxError ? syntaxPosition(project.pack) : undefined),
    });
  }
  if (module.default?.kind !== "pack") {
    throw problem(3, { code: "pack-missing", message: `${project.pack} has no pack as its default export` });
  }
  return module.default;
}
