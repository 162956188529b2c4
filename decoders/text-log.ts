import { branch, pcre2 } from "../src/index.js";
import { auditRecord } from "./audit-record.js";

const TIME = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} [^ ,]{1,6}";

/** `%m [%p] `, with which both supported prefixes begin. */
export const STDERR_START = pcre2(`^${TIME} \\[\\d++\\] `);

/** syslog adds `[7-1] ` where it numbers messages. */
const START = `^(?:\\[\\d++-\\d++\\] )?${TIME} \\[\\d++\\] `;
const SEVERITY = "(?:DEBUG\\d?|INFO|NOTICE|WARNING|LOG|ERROR|FATAL|PANIC|DETAIL|HINT|QUERY|CONTEXT|STATEMENT)";
const USER = "[^@]{1,63}@.{1,63}?";

const record = auditRecord({ quote: '"', quoted: '[^"]{1,100}+|""', plain: '[^,"]{1,100}+' });

/**
 * log_destination = 'stderr' or 'syslog' with Debian's prefix, `%m [%p] %q%u@%d `, or the rich one,
 * `%m [%p] %q%u@%d client=%r host=%h app=%a state=%e sess=%c/%l cmd=%i bt=%b `. Only the rich one tells where a client is.
 */
export const textLog = branch({
  name: "postgresql-text",
  extract: [
    pcre2(`${START}(?<srcuser>[^@]{1,63})@\\[*+(?<database>.{1,63}?) (?:client=|${SEVERITY}:  )`),
    pcre2(`${START}${USER} client=\\[?(?<client>[^ \\](]++)`),
    pcre2(`${START}${USER} client=(?<srcip>\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)\\(`),
    pcre2(`${START}${USER} client=.*? app=\\[*+(?<application>.{0,64}?) state=(?<sqlstate>\\w{5}) `),
    pcre2(`${START}${USER} client=.*? sess=(?<session>[0-9a-f.]++)/\\d++ cmd=.{0,64}? bt=(?<backend>[a-z ]++) [A-Z]`),
    pcre2(`${START}(?:${USER} (?:client=.*? )?)?(?<severity>${SEVERITY}):  `),
    pcre2(`${START}(?:${USER} (?:client=.*? )?)?LOG:  ${record}`),
    pcre2(`${START}(?:${USER} (?:client=.*? )?)?${SEVERITY}:  (?!AUDIT: )\\[*+(?<message>.{0,1000})`),
  ],
});
