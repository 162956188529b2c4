/** Lines of postgresql.conf; in its quotes a backslash begins an escape. */
export function settingLines(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).map(
    ([name, value]) => `${name} = '${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`,
  );
}
