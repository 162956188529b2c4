/** What the API's user may do, against what a deployment needs. */
import type { ApiClient } from "./api-client.js";

const FILES = ["read", "update", "delete"];

/** Names of the API's own actions. */
export function neededActions(cluster: boolean, agentGroup: boolean): string[] {
  const scope = cluster ? "cluster" : "manager";
  return [
    ...["rules", "decoders", "lists"].flatMap((kind) => FILES.map((verb) => `${kind}:${verb}`)),
    "logtest:run",
    "cluster:status",
    ...["read", "update_config", "restart"].map((verb) => `${scope}:${verb}`),
    ...(agentGroup ? ["group:read", "group:update_config"] : []),
  ];
}

type Policies = Readonly<Record<string, Readonly<Record<string, "allow" | "deny">> | string>>;

/** Those of the actions that this user is allowed nowhere. Where all that is not forbidden is allowed, those forbidden. */
export async function missingActions(client: ApiClient, needed: readonly string[]): Promise<string[]> {
  const policies = await client.data<Policies>({ method: "GET", path: "/security/users/me/policies" });
  const open = policies.rbac_mode === "black";
  return needed.filter((action) => {
    const effects = Object.values(policies[action] ?? {});
    return open ? effects.length > 0 && !effects.includes("allow") : !effects.includes("allow");
  });
}
