import { branch, pcre2 } from "../src/index.js";
import { auditRecord } from "./audit-record.js";
import { SEVERITY, TIME } from "./text-log.js";

export const BRACKET_START = pcre2(`^\\[${TIME}\\] pid=\\d++ user=`);

const START = `^\\[${TIME}\\] pid=\\d++ user=`;

/**
 * Up to the severity. The application's name is its client's to choose and may look like the end of the prefix: of all
 * places within its 63 bytes where it could end, the last is taken.
 */
const PREFIX = `${START}.{0,63}? db=.{0,63}? host=[^ ]*+ app=.{0,63} sqlstate=\\w{5} sess=[0-9a-f]++\\.[0-9a-f]++ `;

const record = auditRecord({ quote: '"', quoted: '[^"]{1,100}+|""', plain: '[^,"]{1,100}+' });

/**
 * log_destination = 'stderr' with `[%m] pid=%p user=%u db=%d host=%h app=%a sqlstate=%e sess=%c `, as many sites have it.
 * From a name with a blank in it no user is taken, and nobody is not authorised.
 */
export const bracketLog = branch({
  name: "postgresql-bracket",
  prematch: BRACKET_START,
  extract: [
    pcre2(`^\\[${TIME}\\] pid=(?<process>\\d++) user=(?<srcuser>[^ ]{1,63}) db=\\[*+(?<database>[^ ]{1,63}) host=`),
    pcre2(`${START}.{0,63}? db=.{0,63}? host=\\[?(?<client>[^ \\]]++)`),
    pcre2(`${START}.{0,63}? db=.{0,63}? host=(?<srcip>\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+) `),
    pcre2(
      `${START}.{0,63}? db=.{0,63}? host=[^ ]*+ app=\\[*+(?<application>.{0,63}) sqlstate=(?<sqlstate>\\w{5}) sess=(?<session>[0-9a-f.]++) `,
    ),
    pcre2(`${PREFIX}(?<severity>${SEVERITY}):  `),
    pcre2(`${PREFIX}LOG:  ${record}`),
    pcre2(`${PREFIX}STATEMENT:  \\[*+(?<failed>.{0,1000})`),
    pcre2(`${PREFIX}${SEVERITY}:  (?!AUDIT: )\\[*+(?<message>.{0,1000})`),
  ],
});
