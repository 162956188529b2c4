/**
 * Blocks of the labelled workload that are attacks and give no alert of their use case, and why that is right or cannot be
 * otherwise. One that is told after all does not belong here any more, and the comparison says so.
 */

/** Under whatever settings. */
const ANYWHERE: Readonly<Record<string, string>> = {
  u01e10: "the account may call the routine that the operator calls, and the call is logged",
  u01e12: "the planner inlines the SQL function: there is no record of a call",
  u04m08: "pgaudit names neither relation nor type of a DELETE: a view looks like a table",
  u06e17: "nothing is dropped: a literal mentions it",
  u09e08: "what was set aside is dropped, and alerts as dropped",
  u11e11: "the statement reads no data: it measures a long parameter",
};

/** By the folder of the capture, reason by reason. */
export const UNTOLD_UNDER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "jsonlog-recommended": {
    "the account may call the routine that the query calls, and READ is not logged of it": "u01e09",
    "only reads of catalogues by an application, of which READ is not logged": "u11m34",
  },
  "jsonlog-light": {
    "the account may call the routine that the query calls, and READ is not logged": "u01e09",
    "rows of catalogues are written or read, and WRITE and READ are not logged of anybody there":
      "u02m08 u02e10 u04e10 u05e05 u05e06 u07e07 u07e08 u07e09 u11m10 u11m18 u11m34",
    "rows are deleted, and WRITE is not logged": "u06m07 u06m15 u06e14 u06e15",
    "settings are changed and slots made by functions, and READ is not logged": "u07e01 u07e02 u11e13",
    "a file is written by a function, and READ is not logged": "u11m14",
    "the relation that is read is no audited one": "u11m26",
  },
  "jsonlog-object-only": {
    "nothing but the use of what the audit role was granted is logged": [
      "u01m01 u01m02 u01m03 u01m07 u01m08 u01e01 u01e04 u01e05 u01e06 u01e08 u01e09 u02m01 u02m03 u02m04 u02m05",
      "u02m06 u02m07 u02m08 u02m12 u02m13 u02m15 u02m16 u02m21 u02e02 u02e03 u02e04 u02e06 u02e09 u02e10 u03m02",
      "u03m05 u03m06 u03m07 u03m09 u03m12 u03m13 u03m14 u03m18 u03e03 u03e04 u03e05 u03e06 u03e07 u03e08 u04m01",
      "u04m04 u04m05 u04m06 u04m07 u04e01 u04e02 u04e03 u04e05 u04e06 u04e08 u04e09 u04e10 u04e11 u05m01 u05m03",
      "u05m04 u05m05 u05m07 u05m08 u05m09 u05m10 u05e01 u05e03 u05e05 u05e06 u05e07 u05e08 u06m02 u06m03 u06m04",
      "u06m06 u06m07 u06m08 u06m09 u06m15 u06e01 u06e02 u06e03 u06e04 u06e05 u06e06 u06e09 u06e11 u06e12 u06e14",
      "u06e15 u07m01 u07m02 u07m03 u07m06 u07m08 u07m10 u07m12 u07m18 u07m20 u07m21 u07e01 u07e02 u07e04 u07e07",
      "u07e08 u07e09 u07e11 u07e13 u07e16 u08m01 u08m03 u08m04 u08e01 u08e02 u08e03 u08e04 u08e07 u08e09 u08e10",
      "u09m01 u09m03 u09m04 u09m05 u09e02 u09e03 u09e04 u09e06 u09e07 u10m01 u10m02 u10m07 u10m08 u10e01 u10e03",
      "u10e05 u10e07 u10e08 u10e09 u11m10 u11m14 u11m18 u11m26 u11m34 u11e08 u11e13",
    ].join(" "),
  },
  "jsonlog-all-relation-rows": {
    "log_rows loses the record of the statement that switches pgaudit off": "u07e01 u07e02",
  },
  "jsonlog-log-statement-all": {
    "no pgaudit: the account may call routines, and which are sensitive pgaudit's field would say":
      "u01m01 u01m02 u01m03 u01e01 u01e04 u01e05 u01e06 u01e08 u01e09 u02e04",
    "no pgaudit: what a block or routine puts together and runs is not logged":
      "u01m08 u02e02 u02e03 u04e05 u06e04 u06e05 u06e06 u08e04 u09e02 u10e03 u11e08",
    "no pgaudit: what goes along with the thing that is named is not": "u04m05 u04m06 u04m07 u04e09",
    "the account may read the relation, page by page, and how the database is built is no relation": "u11m34 u11e01",
  },
  "syslog-split": { "the routine's language and what it runs stand behind the record's first part": "u03e08" },
};

/** The audit file holds no errors; what pgaudit logs before a statement fails may tell all the same. */
export const FAILED = "a statement that failed leaves nothing in the file";

/** Why the block gives no alert in this folder; null when it must. */
export function untoldIn(
  folder: string,
  { id, outcome }: { readonly id: string; readonly outcome: string },
): string | null {
  if (id in ANYWHERE) return ANYWHERE[id]!;
  for (const [reason, ids] of Object.entries(UNTOLD_UNDER[folder] ?? {})) {
    if (ids.split(" ").includes(id)) return reason;
  }
  return folder === "pgauditlogtofile" && outcome === "error" ? FAILED : null;
}
