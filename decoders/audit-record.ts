/**
 * The record that pgaudit writes, as it stands inside a log message:
 *
 *     AUDIT: SESSION,<statement>,<sub-statement>,<CLASS>,<COMMAND>,<OBJECT TYPE>,<object>,<statement text>,…
 *
 * pgaudit quotes a field that holds a comma, a quote or a line break, and doubles the quotes in it. Each log form then
 * escapes the whole message in its own way, so what a quoted field looks like is a parameter here.
 *
 * The fields before the statement text decide; the text may be cut anywhere by an agent or by syslog. It is bounded, so
 * that an alert stays below what an index takes (32,766 bytes): by pieces of 100 bytes, because PCRE2 writes a group that
 * is repeated n times n times into its program, and refuses a program over 64 kB. A text that ends before its end is
 * said to be `cut`. Behind the text stand the parameters and, with pgaudit.log_rows, how many rows there were.
 */
export function auditRecord<
  const Open extends string,
  const Quoted extends string,
  const Plain extends string,
  const Head extends string = "AUDIT: ",
>(form: {
  /** What the record begins with. */
  readonly head?: Head;
  /** What opens and closes a quoted field. */
  readonly quote: Open;
  /** A piece of a quoted field, of at most 100 bytes. */
  readonly quoted: Quoted;
  /** The same of a field without quotes. */
  readonly plain: Plain;
}) {
  const { head = "AUDIT: " as Head, quote, quoted, plain } = form;
  const rows = `,(?:${quote}(?:${quoted})*+${quote}|(?:${plain})*+),(?<rows>\\d++)` as const;
  return `${head}(?<audit>SESSION|OBJECT),(?<statement_id>\\d++),(?<substatement_id>\\d++),(?<class>[A-Z]++),(?<command>[^,]++),(?<object_type>[^,]*+),(?|${quote}(?<object>(?:${quoted})*+)${quote}|(?<object>(?:${plain})*+)),(?|${quote}(?<statement>(?:${quoted}){0,250}+)(?:${quote}(?:${rows})?|(?<cut>.|$))|(?<statement>(?:${plain}){0,250}+)(?:${rows}|,|(?<cut>.|$)))` as const;
}
