import { missingClasses } from "./audit-classes.js";
import { booleanText } from "./server.js";

/** Levels of messages from the loudest to the quietest, as `log_min_messages` orders them. */
const MESSAGE_LEVELS = "debug5 debug4 debug3 debug2 debug1 info notice warning error log fatal panic".split(" ");
const STATEMENT_LEVELS = ["none", "ddl", "mod", "all"];

/**
 * What a setting leaves out of the log, or changes in it, against what is wanted; null when nothing is lost. More than
 * what is wanted is no shortfall.
 */
export function shortfall(name: string, value: string, wanted: string): string | null {
  switch (name) {
    case "pgaudit.log": {
      const missing = missingClasses(value, wanted);
      return missing.length > 0 ? `does not log ${missing.join(", ")}` : null;
    }
    case "log_min_messages":
    case "log_min_error_statement":
      return rank(MESSAGE_LEVELS, value) > rank(MESSAGE_LEVELS, wanted) ? `is quieter than ${wanted}` : null;
    case "log_statement":
      return rank(STATEMENT_LEVELS, value) < rank(STATEMENT_LEVELS, wanted) ? `logs less than ${wanted}` : null;
    case "lc_messages":
      return isEnglish(value) ? null : "translates the messages that rules read";
    case "log_connections":
      return booleanText(value) === "on" || logsEveryStep(value) ? null : `is not ${wanted}`;
    case "log_file_mode":
      return (modeOf(value) & ~modeOf(wanted)) === 0 ? null : `lets more read or write it than ${wanted}`;
    case "log_destination":
    case "shared_preload_libraries": {
      const have = listOf(value);
      const missing = listOf(wanted).filter((each) => !have.includes(each));
      return missing.length > 0 ? `lacks ${missing.join(", ")}` : null;
    }
    case "syslog_facility":
    case "log_error_verbosity":
    case "pgaudit.log_level":
      return value.toLowerCase() === wanted.toLowerCase() ? null : `is not ${wanted.toLowerCase()}`;
    default:
      return booleanText(value) === booleanText(wanted) ? null : `is not ${wanted === "" ? "empty" : wanted}`;
  }
}

/** Locales whose messages are the untranslated ones. */
function isEnglish(locale: string): boolean {
  return /^(?:C|POSIX)(?:\.|$)|^en(?:[_.@]|$)/i.test(locale);
}

/** PostgreSQL 18 takes a list of the steps of a log-in instead of on. */
function logsEveryStep(value: string): boolean {
  const steps = listOf(value);
  return steps.includes("all") || ["receipt", "authentication", "authorization"].every((each) => steps.includes(each));
}

/** Octal where it begins with 0, as the server reads it. */
function modeOf(value: string): number {
  return Number.parseInt(value, value.startsWith("0") ? 8 : 10);
}

function listOf(value: string): string[] {
  return value.split(",").map((each) => each.trim().replace(/^"(.*)"$/, "$1"));
}

/** debug is another word for debug2. */
function rank(levels: readonly string[], value: string): number {
  const text = value.toLowerCase();
  return levels.indexOf(text === "debug" ? "debug2" : text);
}
