import { listed, pcre2, rule, useCase } from "../src/index.js";
import { announced } from "./announced.js";
import { attempted } from "./attempted.js";
import { authorised } from "./authorised.js";
import { routine } from "./base.js";
import { mayCallRoutines, mayCallSensitiveRoutines, sensitiveRoutines } from "./lists.js";
import { secretInLog } from "./secret-in-log.js";
import { GAP } from "./sql-text.js";

/** The class has no commands but DO and EXECUTE. Functions of pg_catalog, and SQL functions that the planner inlines, leave no record of their own. */
const routineExecuted = rule({
  key: "routine-executed",
  level: 10,
  on: routine,
  seenUnder: "standard",
  description:
    "PostgreSQL: $(srcuser) executed routine $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

const blockExecuted = rule({
  key: "block-executed",
  level: 10,
  on: routine,
  seenUnder: "standard",
  where: { "pg.command": pcre2("^DO$") },
  description: "PostgreSQL: $(srcuser) executed a DO block in $(pg.database) from $(pg.client): not authorised",
});

const blockAuthorised = authorised(blockExecuted, mayCallRoutines);

/** A routine with its owner's rights: what it does inside, pgaudit may not log. */
const sensitiveExecuted = rule({
  key: "sensitive-routine-executed",
  level: 12,
  on: routine,
  seenUnder: "standard",
  where: { "pg.object": listed(sensitiveRoutines) },
  groups: ["dam_privileged_operation"],
  attack: ["T1548"],
  description:
    "PostgreSQL: $(srcuser) executed the sensitive routine $(pg.object) in $(pg.database) from $(pg.client): not authorised",
});

export const routineExecution = useCase({
  key: "routine-execution",
  title: "Stored procedure or function executed",
  summary: "Routines called by SELECT, CALL or EXECUTE, and anonymous blocks, each with its name, caller and client.",
  group: "dam_routine_execution",
  attack: ["T1059"],
  compliance: {
    pci_dss: ["10.2.1.2", "10.2.2"],
    hipaa: ["164.312.b"],
    gdpr: ["IV_32.1.b"],
    nist_800_53: ["AU.2", "AU.12"],
    tsc: ["CC7.2"],
  },
  rules: [
    blockExecuted,
    blockAuthorised,
    secretInLog(blockAuthorised, "pg.statement"),
    routineExecuted,
    authorised(routineExecuted, mayCallRoutines),
    sensitiveExecuted,
    authorised(sensitiveExecuted, mayCallSensitiveRoutines),
    ...announced({
      key: "routine-call",
      what: "call a procedure or run a block",
      statement: `CALL${GAP}|DO${GAP}(?:LANGUAGE\\b|E?'|\\$)|SELECT${GAP}(?:\\*${GAP}FROM${GAP})?(?!pg_catalog\\b)[\\w"]+\\.[\\w"]+\\(`,
      permits: [mayCallRoutines],
    }),
    ...attempted({
      key: "routine-call",
      what: "call a routine",
      // What a block does, and that it runs, pgaudit logs before it fails.
      statement: `CALL${GAP}`,
      by: mayCallRoutines,
    }),
  ],
});
