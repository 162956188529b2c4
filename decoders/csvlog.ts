import { branch, pcre2 } from "../src/index.js";
import { auditRecord } from "./audit-record.js";

export const CSVLOG_START = pcre2("^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} [^ ,]{1,6},");

/** A column, quoted or not. */
const COLUMN = '(?:"(?:[^"]|"")*+"|[^,"]*+)';
const START = "^[^,]++";
const STRING = '(?:[^"]|"")';

/** The message is a quoted column, so pgaudit's own quotes arrive doubled, and its doubled quotes four in a row. */
const record = auditRecord({ quote: '""', quoted: '[^"]{1,100}+|""""', plain: '[^,"]{1,100}+' });

/** log_destination = 'csvlog'. Columns: time, user, database, pid, client, session, line, …, severity, SQLSTATE, message. */
export const csvlog = branch({
  name: "postgresql-csvlog",
  prematch: CSVLOG_START,
  extract: [
    pcre2(`${START},"(?<srcuser>${STRING}*+)",(?:"\\[*+(?<database>${STRING}*+)")?,(?<process>\\d++),`),
    pcre2(`${START},${COLUMN},${COLUMN},\\d*+,"\\[?(?<client>[^"\\]]+?)\\]?(?::\\d++)?"`),
    pcre2(
      `${START},${COLUMN},${COLUMN},\\d*+,"(?<srcip>\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+):\\d++"`,
    ),
    pcre2(`${START},${COLUMN},${COLUMN},\\d*+,${COLUMN},(?<session>[0-9a-f.]++),`),
    pcre2(`${START}(?:,${COLUMN}){10},(?<severity>[A-Z0-9]++),(?<sqlstate>\\w{5}),`),
    pcre2(`${START}(?:,${COLUMN}){10},LOG,00000,"${record}`),
    pcre2(`${START}(?:,${COLUMN}){12},"(?!AUDIT: )\\[*+(?<message>(?:[^"]{1,100}+|""){0,100}+)`),
    pcre2(
      `${START}(?:,${COLUMN}){10},(?:ERROR|FATAL),\\w{5}(?:,${COLUMN}){6},"\\[*+(?<failed>(?:[^"]{1,100}+|""){0,100}+)`,
    ),
    pcre2(`${START}(?:,${COLUMN}){17},"\\[*+(?<context>(?:[^"]{1,100}+|""){0,20}+)`),
    pcre2(`${START}(?:,${COLUMN}){21},"\\[*+(?<application>(?:[^"]{1,64}+|""){0,64}+)","(?<backend>[^"]*+)"`),
  ],
});
