import { branch, pcre2 } from "../src/index.js";
import { auditRecord } from "./audit-record.js";

export const TIME = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} [^ ,]{1,6}";

/** `%m [%p] `, with which both supported prefixes begin. */
export const STDERR_START = pcre2(`^${TIME} \\[\\d++\\] `);

/** syslog adds `[7-1] ` where it numbers messages, and `[7-2] ` to the second part of one that it splits. */
const BEFORE_PROCESS = `^(?:\\[\\d++-\\d++\\] )?${TIME} \\[`;
const START = `${BEFORE_PROCESS}\\d++\\] `;
/** Where a part begins that is not the first, a client may have chosen: no audit record begins there. */
const FIRST_PART = "^(?!\\[\\d++-(?!1\\]))";
export const SEVERITY = "(?:DEBUG\\d?|INFO|NOTICE|WARNING|LOG|ERROR|FATAL|PANIC|DETAIL|HINT|QUERY|CONTEXT|STATEMENT)";

/** `%u@%d `, whatever the names are, up to what the server writes next; found once, and never looked for again. */
const WHO = `(?>(?:(?!client=|${SEVERITY}:  ).)+? (?=client=|${SEVERITY}:  ))`;

/**
 * `client=%r host=%h app=%a state=%e sess=%c/%l cmd=%i bt=%b `, or its short form without host and from sess on. The
 * application's name is its client's to choose, and may look like the end of a prefix: in the long form what must
 * follow it is longer than the 63 bytes that a name can have, so that the first match is the server's own.
 */
const CLIENT = `client=[^ ]++ (?:host=[^ ]++ app=.{0,64}? state=\\w{5} sess=[0-9a-f]{6,8}\\.[0-9a-f]++/\\d++ cmd=[A-Za-z ]{0,40}? bt=[a-z ]{6,30}?|app=.{0,64}? state=\\w{5}) `;

/** Everything before the severity. */
const PREFIX = `${START}(?:${WHO}(?:${CLIENT})?)??`;

const record = auditRecord({ quote: '"', quoted: '[^"]{1,100}+|""', plain: '[^,"]{1,100}+' });

/**
 * log_destination = 'stderr' or 'syslog' with Debian's prefix, `%m [%p] %q%u@%d `, or the rich one, which goes on with
 * `client=%r host=%h app=%a state=%e sess=%c/%l cmd=%i bt=%b `. Only the rich one tells where a client is.
 *
 * A name with `@` in it makes `%u@%d` ambiguous: no user is taken from it then, and nobody is not authorised.
 */
export const textLog = branch({
  name: "postgresql-text",
  extract: [
    pcre2(
      `${BEFORE_PROCESS}(?<process>\\d++)\\] (?<srcuser>[^@]{1,63})@\\[*+(?<database>[^@]{1,63}?) (?:client=|${SEVERITY}:  )`,
    ),
    pcre2(`${START}${WHO}client=\\[?(?<client>[^ \\](]++)`),
    pcre2(`${START}${WHO}client=(?<srcip>\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)\\(`),
    pcre2(`${START}${WHO}client=[^ ]++ (?:host=[^ ]++ )?app=\\[*+(?<application>.{0,64}?) state=(?<sqlstate>\\w{5}) `),
    pcre2(
      `${START}${WHO}client=.*? sess=(?<session>[0-9a-f.]++)/\\d++ cmd=.{0,64}? bt=(?<backend>[a-z ]{1,40}?) [A-Z]`,
    ),
    pcre2(`${PREFIX}(?<severity>${SEVERITY}):  `),
    pcre2(`${FIRST_PART}${PREFIX.slice(1)}LOG:  ${record}`),
    // A record of its own, or in the same one where syslog does not split.
    pcre2(`${PREFIX}(?:ERROR:  .*?#012${TIME} \\[\\d++\\] .{0,300}?)?STATEMENT:  \\[*+(?<failed>.{0,1000})`),
    pcre2(`${PREFIX}${SEVERITY}:  (?!AUDIT: )\\[*+(?<message>.{0,1000})`),
  ],
});
