/** Fields that every event has room for, whatever its decoder; all other names are dynamic fields. */
export const STATIC_FIELDS = [
  "srcip",
  "dstip",
  "srcport",
  "dstport",
  "protocol",
  "action",
  "srcuser",
  "dstuser",
  "id",
  "status",
  "url",
  "data",
  "extra_data",
  "system_name",
] as const;

export type StaticFieldName = (typeof STATIC_FIELDS)[number];

const names: ReadonlySet<string> = new Set(STATIC_FIELDS);

export function isStaticField(name: string): name is StaticFieldName {
  return names.has(name);
}
