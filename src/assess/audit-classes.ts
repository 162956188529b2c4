/** Classes of `pgaudit.log`; in pgaudit, `misc` is more than `misc_set` and holds it. */
const CLASSES = ["read", "write", "function", "role", "ddl", "misc", "misc_set"] as const;

/** What a value of `pgaudit.log` logs: tokens count from left to right, and `-` takes away. Unknown tokens log nothing. */
export function auditClasses(value: string): ReadonlySet<string> {
  const classes = new Set<string>();
  for (const token of value.toLowerCase().split(",")) {
    const text = token.trim();
    const name = text.replace(/^-/, "");
    for (const each of membersOf(name)) {
      if (text.startsWith("-")) classes.delete(each);
      else classes.add(each);
    }
  }
  return classes;
}

/** Classes that `wanted` logs and `value` does not. */
export function missingClasses(value: string, wanted: string): string[] {
  const have = auditClasses(value);
  return [...auditClasses(wanted)].filter((each) => !have.has(each));
}

function membersOf(name: string): readonly string[] {
  if (name === "all") return CLASSES;
  if (name === "misc") return ["misc", "misc_set"];
  return CLASSES.filter((each) => each === name);
}
