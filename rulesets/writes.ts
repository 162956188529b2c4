import { pcre2 } from "../src/index.js";

/** Commands under which rows are written: a WITH that writes is a SELECT to pgaudit, and MERGE is `???`. */
export const WRITES = pcre2("^(?:INSERT|UPDATE|DELETE|SELECT|COPY|\\?\\?\\?)$");
