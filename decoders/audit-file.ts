import { branch, pcre2 } from "../src/index.js";
import { auditRecord } from "./audit-record.js";
import { TIME } from "./text-log.js";

/** Time, user, database, process, client and session, which names with commas or quotes would push out of their places. */
const WHO = `^${TIME},[^,"]*+,[^,"]*+,\\d++,[^,"]*+,[0-9a-f]++\\.[0-9a-f]++,`;
/** Line, command tag, start of the session, transaction, SQLSTATE; csvlog has a severity there. */
const HEAD = `${WHO}\\d++,[^,"]*+,[^,"]*+,[^,"]*+,\\d*+,(?!ERROR|FATAL|PANIC)[0-9A-Z]{5},`;

const record = auditRecord({ head: "", quote: '"', quoted: '[^"]{1,100}+|""', plain: '[^,"]{1,100}+' });

/**
 * The file of the extension pgauditlogtofile: audit records, and log-ins where it is told so, without `AUDIT: ` in front.
 * Nothing but pgaudit's own statement is quoted, and a context stands behind true records too, so that forged ones look
 * the same.
 */
export const auditFile = branch({
  name: "postgresql-audit-file",
  prematch: pcre2(HEAD),
  extract: [
    pcre2(`^${TIME},(?<srcuser>[^,"]++),(?:\\[*+(?<database>[^,"]++))?,(?<process>\\d++),`),
    pcre2(`^${TIME},[^,"]*+,[^,"]*+,\\d++,\\[?(?<client>[^,"\\]]+?)\\]?(?::\\d++)?,`),
    pcre2(`^${TIME},[^,"]*+,[^,"]*+,\\d++,(?<srcip>\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+):\\d++,`),
    pcre2(`^${TIME},[^,"]*+,[^,"]*+,\\d++,[^,"]*+,(?<session>[0-9a-f.]++),`),
    pcre2(`${WHO}(?:[^,"]*+,){4}\\d*+,(?<sqlstate>[0-9A-Z]{5}),`),
    pcre2(`${HEAD}${record}`),
    pcre2(`${HEAD}(?!SESSION,|OBJECT,)\\[*+(?<message>.{0,1000}?)(?:,,,|$)`),
    pcre2(',\\[*+(?<application>[^,"]{1,64})$'),
  ],
});
