// Installs the dependencies when they are missing or not those of package-lock.json, and does nothing otherwise.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const wanted = packages("package-lock.json");
const installed = packages("node_modules/.package-lock.json");
const missing = Object.entries(wanted).filter(
  ([path, { version, optional }]) => path !== "" && !optional && installed[path]?.version !== version,
);
if (missing.length > 0) {
  console.error(`installing ${missing.length} packages …`);
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  process.exit(npm.status ?? 1);
}

/** Packages by path, as npm keeps them in a lock file; empty without one. */
function packages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return {};
  }
}
