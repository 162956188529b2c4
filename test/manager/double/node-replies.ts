/** What is asked of the nodes of a cluster, and of a manager that has none. */
import type { ManagerDouble, NodeDouble } from "./manager-double.js";
import { failures, items, type Reply } from "./replies.js";

export function health({ name, type, checks }: NodeDouble, version: string): object {
  const info = { name, type, version, ip: "127.0.0.1", n_active_agents: 0 };
  if (type === "master") return { info };
  const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + 1000 * seconds).toISOString();
  const last_check_integrity = { date_start_master: at(9 * checks), date_end_master: at(9 * checks + 1) };
  return { info, status: { sync_integrity_free: true, last_check_integrity } };
}

export function validation(manager: ManagerDouble): Reply {
  return items(
    manager.nodes.map(({ name, files }) =>
      manager.check(files).loads ? { name, status: "OK" } : { name, status: "KO", details: ["it does not load"] },
    ),
  );
}

export function reload(manager: ManagerDouble, nodes: readonly NodeDouble[]): Reply {
  const done: object[] = [];
  const failed: string[] = [];
  for (const node of nodes) {
    if (node.type === "worker") {
      node.reloadPending = true;
      done.push({ name: node.name, msg: "Ruleset reload request sent successfully." });
      continue;
    }
    const messages = manager.load(node);
    if (messages === null) failed.push(node.name);
    else
      done.push({
        name: node.name,
        msg: messages.length > 0 ? messages.join(", ") : "Ruleset reload request sent successfully.",
      });
  }
  return failed.length > 0 ? failures(failed, 1914, "error reloading the ruleset", done) : items(done);
}
