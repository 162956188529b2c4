import { posix } from "node:path";
import { type LogForm, type LogShape, shapeOf } from "./log-forms.js";

/** Endings that the server gives its files: it puts them in the place of `.log` in log_filename. */
const ENDINGS: Readonly<Record<Exclude<LogShape, "syslog">, string>> = {
  json: ".json",
  csv: ".csv",
  stderr: ".log",
  "audit-file": ".log",
};

/** The settings by which the server writes where the agent looks; none for syslog, whose files are its daemon's. */
export function locationSettings(form: LogForm, location: string): Record<string, string> {
  const shape = shapeOf(form);
  if (shape === "syslog") return {};
  const stem = posix.basename(location, ENDINGS[shape]).replaceAll("%", "%%");
  if (shape === "audit-file")
    return {
      logging_collector: "on",
      "pgaudit.log_directory": posix.dirname(location),
      "pgaudit.log_filename": `${stem === "*" ? "audit-*" : stem}.log`.replace("*", "%Y%m%d"),
    };
  return {
    logging_collector: "on",
    log_directory: posix.dirname(location),
    log_filename: `${stem === "*" ? "postgresql-*" : stem}.log`.replace("*", "%Y-%m-%d"),
    log_file_mode: "0640",
  };
}

/** Why a server that logs in this form cannot write where the location says; null when it can. */
export function locationFault(form: LogForm, location: string): string | null {
  const shape = shapeOf(form);
  if (shape === "syslog") return null;
  const ending = ENDINGS[shape];
  const base = posix.basename(location);
  if (/[*?[\]{}]/.test(posix.dirname(location))) return "its directory holds a wildcard";
  if (!base.endsWith(ending) || base === ending) return `${form} is written to files that end in ${ending}`;
  if (!/^[^*?[\]{}]*\*?[^*?[\]{}]*$/.test(base)) return "its file name holds other wildcards than one *";
  return null;
}
