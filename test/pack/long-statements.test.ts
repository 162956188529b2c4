import { expect, test } from "vitest";
import type { Bytes } from "../../src/engine/bytes.js";
import type { RuleNode } from "../../src/engine/model.js";
import type { Expression } from "../../src/engine/regex/expression.js";
import { readGenerated } from "../../src/replay/generated.js";

/** Bytes; a manager reads up to 65,536 of a line. */
const LENGTH = 20_000;
/** Milliseconds for all patterns together. They take 0.1 to 4 s; one of them whose work grew with the square took minutes. */
const ENOUGH = 20_000;

const long = (text: string) => text.repeat(Math.ceil(LENGTH / text.length));
const body = (lineBreak: string) =>
  long(
    `  v_sum := v_sum + 1.05 * v_item; -- tax${lineBreak}  UPDATE app.orders SET total = v_sum WHERE id = 7;${lineBreak}`,
  );

const STATEMENTS: Readonly<Record<string, string>> = {
  "a routine with comments": `CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql AS $$\\nBEGIN\\n${body("\\n")}END $$`,
  "the same over several lines": `CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n${body("\n")}END $$`,
  "many rows": `INSERT INTO app.t VALUES ${long("(1, 'some text', now(), 'O''Brien', 12.5), ")}`,
  "many conditions": `SELECT a FROM b WHERE ${long("x = 1 OR y = 2 AND z IN (SELECT id FROM t WHERE a > 3) OR ")}`,
  "many statements": `DECLARE c CURSOR FOR ${long("SELECT a FROM t; ")}`,
  "many privileges": long("GRANT SELECT ON app.t TO r; "),
  "many views": long("CREATE OR REPLACE VIEW v AS TABLE t; "),
  "a block that runs text": `DO $$ BEGIN ${long("PERFORM app.g(1); EXECUTE format('UPDATE %I SET a = 1', t); ")}END $$`,
  "comments only": `SELECT 1; ${long("-- a line of comment\\n")}${long("/* another */ ")}`,
  "blanks only": `SELECT 1; ${long(" ")}`,
};

/** Those that rules ask of whole statements, by pattern. */
const patterns = new Map<Bytes, { readonly field: string; readonly expression: Expression }>();
const add = ({ rule, children }: RuleNode): void => {
  for (const { name, test } of rule.fields) {
    if (test.kind === "expression" && /^pg\.(?:statement|message|failed)$/.test(name))
      patterns.set(test.expression.pattern, { field: name, expression: test.expression });
  }
  children.forEach(add);
};
(await readGenerated("generated")).ruleset.rules.forEach(add);

test.each(Object.entries(STATEMENTS))(
  "no pattern stalls on %s",
  (_name, statement) => {
    const started = performance.now();
    for (const { field, expression } of patterns.values())
      expression.test(field === "pg.message" ? `statement: ${statement}` : statement);
    expect(performance.now() - started).toBeLessThan(ENOUGH);
  },
  300_000,
);
