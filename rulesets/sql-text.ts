/**
 * Pieces of patterns for statement text. They hold in every log form: a line break in a statement is a real one, `\n`
 * in jsonlog, or `#012` in syslog. Statement text decides only what none of pgaudit's fields says.
 */

/** A control character as jsonlog and syslog escape it. */
const ESCAPED_BLANK = "\\\\[ntrfb]|\\\\u000\\w|#01\\d";

/**
 * A comment, and one inside of it, is read in one way only: with many of them in a row there would be more ways than a
 * manager has steps.
 */
const BLANK = `\\s|${ESCAPED_BLANK}|(?>/\\*(?:[^*/]++|/\\*.*?\\*/|(?!\\*/).)*+\\*/|--.*?(?:\\n|\\\\n|#012))`;

/** Space between two words of SQL: blanks, line breaks and comments. */
export const GAP = `(?:${BLANK})+`;

/** The same, or nothing. */
export const MAYBE_GAP = `(?:${BLANK})*`;

/** Start of a word; `\b` alone fails behind an escaped line break, whose last character is a word character. */
export const WORD = `(?:\\b|${ESCAPED_BLANK})`;

/** A quote around an identifier or a literal, as the log forms escape it. */
export const MAYBE_QUOTE = "(?:(?:\\\\?\"){1,4}|')?";

/** Start of a statement, also behind another one in the same message. In a literal only a semicolon can look like it. */
export const STATEMENT = `(?:^|;)${MAYBE_GAP}`;

/** A name with a schema in front: what a session drops of its own, temporary, things has none. */
export const QUALIFIED = `${MAYBE_QUOTE}[^\\s.;'"\\\\]+${MAYBE_QUOTE}${MAYBE_GAP}\\.`;

/** IF EXISTS, CONCURRENTLY, ONLY: between the command and the name. */
export const MAYBE_IF_EXISTS = `(?:(?:IF${GAP}(?:NOT${GAP})?EXISTS|CONCURRENTLY|ONLY)${GAP})*`;

/** A file name or a program's text begins: a literal in any of its spellings. */
export const LITERAL = "(?:E|U&)?'|\\$";

/** What makes it hard to tell where a literal ends: dollar quotes, comments, escapes, quoted names. */
const HARD_TO_READ = '\\$\\w*\\$|--|/\\*|\\\\(?![ntr])|"';

/**
 * The pattern, not inside of a literal: data is full of the words of SQL. Where a statement is hard to read, it may stand
 * anywhere.
 */
export function inCode(pattern: string): string {
  return `(?is)^(?:(?=.*?(?:${HARD_TO_READ})).*?|[^']*?(?:'[^']*'[^']*?)*?)(?:${pattern})`;
}

/** INSERT, UPDATE, DELETE, MERGE or COPY to one of these relations of pg_catalog; a name in Unicode escapes counts too. */
export function writesCatalog(names: string, by = `UPDATE|INTO|DELETE${GAP}FROM|COPY(?=[^;]*?${WORD}FROM\\b)`): string {
  return inCode(
    `${WORD}(?:${by})${MAYBE_GAP}(?:ONLY${MAYBE_GAP}\\(?${MAYBE_GAP})?(?:${MAYBE_QUOTE}pg_catalog${MAYBE_QUOTE}${MAYBE_GAP}\\.${MAYBE_GAP})?(?:${MAYBE_QUOTE}(?:${names})\\b|U&)`,
  );
}

/** A call of one of these functions, its name quoted or not. */
export function calls(names: string): string {
  return inCode(`${WORD}(?:${names})${MAYBE_QUOTE}${MAYBE_GAP}\\(`);
}

/** Predefined roles, of the server and of cloud providers, that make their members masters of others' data or of the server. */
export const POWERFUL_ROLE =
  "(?:pg_(?:execute_server_program|(?:read|write)_server_files|(?:read|write)_all_data|create_subscription|signal_backend|database_owner|maintain)|rds_(?:superuser|replication)|cloudsqlsuperuser|alloydbsuperuser|azure_pg_admin)";

/** Those, and the attributes that do the same. */
export const POWER = `(?:SUPERUSER|CREATEROLE|REPLICATION|BYPASSRLS|${POWERFUL_ROLE})`;

/** A password in clear text: `PASSWORD 'x'`, `password=x`, `"password" 'x'`; not one that comes as a parameter, or is redacted. */
export const CLEAR_PASSWORD = `(?i)${WORD}password${MAYBE_QUOTE}${MAYBE_GAP}(?:=${MAYBE_GAP}'{0,2}|'{1,2})(?!SCRAM-SHA-256\\$|md5[0-9a-f]{32})[^'\\s$:(),;]`;

/** Settings on which the audit trail hangs. */
export const AUDIT_SETTING = `${MAYBE_QUOTE}(?:pgaudit\\b|log_(?:statement|min_messages|min_error_statement|destination|connections|disconnections|replication_commands|line_prefix|directory|filename|file_mode|truncate_on_rotation|rotation_(?:age|size)|error_verbosity)\\b|logging_collector\\b|syslog_(?:facility|ident)\\b|lc_messages\\b|session_replication_role\\b|shared_preload_libraries\\b)`;
