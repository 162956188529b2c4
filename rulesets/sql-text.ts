/**
 * Pieces of patterns for statement text. They hold in every log form: a line break in a statement is a real one, `\n`
 * in jsonlog, or `#012` in syslog. Statement text decides only what none of pgaudit's fields says.
 */

/** Space between two words of SQL: blanks, line breaks and comments. */
export const GAP = "(?:\\s|\\\\[ntr]|#01[12]|/\\*.*?\\*/|--.*?(?:\\n|\\\\n|#012))+";

/** The same, or nothing. */
export const MAYBE_GAP = "(?:\\s|\\\\[ntr]|#01[12]|/\\*.*?\\*/|--.*?(?:\\n|\\\\n|#012))*";

/** Start of a word; `\b` alone fails behind an escaped line break, whose last character is a word character. */
export const WORD = "(?:\\b|\\\\[ntr]|#01[12])";

/** A quote around an identifier or a literal, as the log forms escape it. */
export const MAYBE_QUOTE = "(?:(?:\\\\?\"){1,4}|')?";

/** Start of a statement, also behind another one in the same message; what stands in a literal is none. */
export const STATEMENT = `(?:^|;)${MAYBE_GAP}`;
