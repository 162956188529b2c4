import { pcre2 } from "../src/index.js";

/** Objects of the schema `staging`, in which a loading job may do as it likes. */
export const IN_STAGING = { "pg.object": pcre2("^staging\\.") } as const;
