/** Cursors: what is read through them comes in pieces, of which pgaudit says nothing. */
import { pcre2, rule } from "../src/index.js";
import { authorised } from "./authorised.js";
import { read } from "./base.js";
import { mayCallRoutines } from "./lists.js";

export const cursorOpened = rule({
  key: "cursor-opened",
  level: 10,
  on: read,
  seenUnder: "full",
  where: { "pg.command": pcre2("^DECLARE CURSOR$") },
  description: "PostgreSQL: $(srcuser) opened a cursor in $(pg.database) from $(pg.client): not authorised",
});

export const cursorAuthorised = authorised(cursorOpened, mayCallRoutines);
