/** How much pgaudit logs of everybody: the names that a site policy chooses from, from the least to the most. */
export type Preset = "light" | "standard" | "full";

export const PRESETS: readonly Preset[] = ["light", "standard", "full"];

/** A kind of record that `pgaudit.log` can name; `MISC_SET` is that part of MISC which SET and RESET write. */
export type AuditClass = "DDL" | "ROLE" | "FUNCTION" | "READ" | "WRITE" | "MISC_SET" | "MISC";

/** What every account's statements are logged by. */
const CLASSES: Readonly<Record<Preset, readonly AuditClass[]>> = {
  light: ["DDL", "ROLE", "MISC_SET"],
  standard: ["DDL", "ROLE", "MISC_SET", "FUNCTION"],
  full: ["DDL", "ROLE", "MISC_SET", "FUNCTION", "READ", "WRITE", "MISC"],
};

/** What people's statements are logged by besides: an application writes all day, a person does not. */
const OF_PEOPLE: Readonly<Record<Preset, readonly AuditClass[]>> = { light: [], standard: ["WRITE"], full: [] };

export type AccountKind = "person" | "service";

/** The classes that the preset logs of an account of this kind. */
export function classesOf(preset: Preset, kind: AccountKind): readonly AuditClass[] {
  return kind === "person" ? [...CLASSES[preset], ...OF_PEOPLE[preset]] : CLASSES[preset];
}

/** The value of `pgaudit.log` for these classes. */
export function auditLog(classes: readonly AuditClass[]): string {
  if (classes.length === CLASSES.full.length) return "all";
  return classes.map((each) => each.toLowerCase()).join(", ");
}
