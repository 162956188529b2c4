import type { Snapshot } from "./snapshot.js";

/** One difference between two snapshots. */
export interface Change {
  /** Where it is: `roles › eve › superuser`. */
  readonly path: readonly string[];
  readonly kind: "added" | "removed" | "changed";
  readonly before: unknown;
  readonly after: unknown;
}

export interface Comparison {
  readonly changes: readonly Change[];
  /** Parts that one of the two does not have, and so say nothing. */
  readonly notCompared: readonly string[];
}

/** What is different in `after`, in the order of their paths. */
export function compareSnapshots(before: Snapshot, after: Snapshot): Comparison {
  const alike = before.server.all_settings === after.server.all_settings;
  const [left, right] = [before, after].map(({ format: _format, server: { version }, settings, ...rest }) => ({
    server: { version },
    settings: alike ? settings : {},
    ...rest,
  }));
  return {
    changes: differences([], left, right),
    notCompared: alike ? [] : ["settings: one of the two accounts did not see all of them"],
  };
}

function differences(path: readonly string[], before: unknown, after: unknown): Change[] {
  if (isRecord(before) && isRecord(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((key) => {
      const here = [...path, key];
      if (!Object.hasOwn(before, key)) return [{ path: here, kind: "added" as const, before: null, after: after[key] }];
      if (!Object.hasOwn(after, key))
        return [{ path: here, kind: "removed" as const, before: before[key], after: null }];
      return differences(here, before[key], after[key]);
    });
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, kind: "changed", before, after }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
