/** Which action each request needs, and what its user may do. */
import type { SeenRequest } from "./api-double.js";

/** The action that the manager's description of its API asks for; of a file that is overwritten only the first of two. */
export function actionOf({ method, path }: SeenRequest, clustered: boolean): string | null {
  const kind = /^\/(rules|decoders|lists)\/files/.exec(path)?.[1];
  if (kind) return `${kind}:${method === "PUT" ? "update" : method === "DELETE" ? "delete" : "read"}`;
  if (path === "/logtest") return "logtest:run";
  const scope = clustered ? "cluster" : "manager";
  if (path.endsWith("/analysisd/reload")) return `${scope}:restart`;
  if (path.startsWith("/groups")) return method === "PUT" ? "group:update_config" : "group:read";
  if (/^\/(?:manager|cluster\/[^/]+)\/configuration$/.test(path))
    return `${scope}:${method === "PUT" ? "update_config" : "read"}`;
  return path === "/cluster/status" ? "cluster:status" : null;
}

/** All that a deployment asks about, but what is forbidden. */
export function policies(forbidden: ReadonlySet<string>): Record<string, Record<string, string>> {
  const actions = ["rules", "decoders", "lists"].flatMap((kind) => [
    `${kind}:read`,
    `${kind}:update`,
    `${kind}:delete`,
  ]);
  actions.push("logtest:run", "cluster:status", "group:read", "group:update_config");
  for (const scope of ["manager", "cluster"])
    actions.push(...["read", "update_config", "restart"].map((verb) => `${scope}:${verb}`));
  const allowed = actions.filter((action) => !forbidden.has(action));
  return Object.fromEntries(allowed.map((action) => [action, { "*:*:*": "allow" }]));
}
