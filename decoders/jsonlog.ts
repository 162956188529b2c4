import { branch, pcre2 } from "../src/index.js";
import { auditRecord } from "./audit-record.js";

/** PostgreSQL writes the keys in this order, and nothing a client says can look like a key: its quotes are escaped. */
export const JSONLOG_START = pcre2('^{"timestamp":"\\d{4}-\\d\\d-\\d\\d ');

const STRING = '(?:[^"\\\\]|\\\\.)';

// A piece takes the escape behind it along, so that a line of SQL is one piece.
const record = auditRecord({
  quote: '\\\\"',
  quoted: '[^"\\\\]{1,100}+(?:\\\\[^"])?+|\\\\[^"]|\\\\"\\\\"',
  plain: '[^,"\\\\]{1,100}+(?:\\\\[^"])?+|\\\\[^"]',
});

/**
 * log_destination = 'jsonlog' (PostgreSQL 15 and later). Values stay JSON-escaped. The stock JSON decoder is not used:
 * it would make a field called `timestamp`, which the shipped index template takes for a date of another format.
 * The keys are looked for one behind the other: what a later pattern begins with, or captures, an earlier one only looks
 * ahead at. `\[*+` in front of what a client may choose: a value that begins with a bracket could become an array in the alert.
 */
export const jsonlog = branch({
  name: "postgresql-jsonlog",
  prematch: JSONLOG_START,
  offset: "after_regex",
  extract: [
    pcre2(
      `^{"timestamp":"[^"]*+","user":"(?<srcuser>${STRING}*+)",(?:"dbname":"\\[*+(?<database>${STRING}*+)",)?"pid":(?<process>\\d+)(?=,)`,
    ),
    pcre2(
      ',"remote_host":"(?=\\[?(?<client>[^"\\]]*+))(?:(?<srcip>\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)")?',
    ),
    pcre2(
      `,"session_id":"(?<session>[0-9a-f.]++)"(?=(?:(?s:.*?),"error_severity":"(?<severity>[A-Z0-9]++)",(?:"state_code":"(?<sqlstate>\\w{5})",)?"message":")?)`,
    ),
    pcre2(`,"error_severity":"LOG","message":"${record}`),
    pcre2(
      `,"error_severity":"(?:ERROR|FATAL)"(?=,.*?,"statement":"\\[*+(?<failed>(?:[^"\\\\]{1,100}+|\\\\.){0,100}+))`,
    ),
    pcre2(`,"message":"(?!AUDIT: )\\[*+(?<message>(?:[^"\\\\]{1,100}+|\\\\.){0,100}+)`),
    pcre2(`,"context":"\\[*+(?<context>(?:[^"\\\\]{1,100}+|\\\\.){0,20}+)`),
    pcre2(`,"application_name":"\\[*+(?<application>(?:[^"\\\\]{1,64}+|\\\\.){0,64}+)`),
    pcre2(',"backend_type":"(?<backend>[^"]++)"'),
  ],
});
