import { STATIC_FIELDS, type StaticField } from "../engine/model.js";

/** A field that every event has room for, whatever its decoder; all others are dynamic. */
export type StaticFieldName = StaticField;

const names: ReadonlySet<string> = new Set(STATIC_FIELDS);

export function isStaticField(name: string): name is StaticFieldName {
  return names.has(name);
}

/** What a decoder's group fills, by the name that rules use and managers see: the prefix is for dynamic fields. */
export function fieldName(decoder: { readonly prefix: string }, group: string): string {
  return isStaticField(group) ? group : `${decoder.prefix}${group}`;
}
