import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { createSession, type Session } from "../../src/engine/session.js";
import { readGenerated } from "../../src/replay/generated.js";

let session: Session;
beforeAll(async () => {
  session = createSession((await readGenerated("generated")).ruleset);
});

/** A line of a session over a network, as the server wrote it. */
const LINE = readFileSync("fixtures/create-user/jsonlog.log", "utf8")
  .split("\n")
  .find((line) => line.includes('"remote_host":"127.0.0.1"') && line.includes("AUDIT: SESSION"))!;

const decoded = (event: string) => session.process({ event, at: 1 });

test("what a line says before it is cut is read, and no more", () => {
  const before = (key: string) => decoded(LINE.slice(0, LINE.indexOf(`"${key}"`))).fields;
  expect(decoded(LINE).fields).toMatchObject({ "pg.severity": "LOG", "pg.audit": "SESSION", srcip: "127.0.0.1" });
  expect(before("remote_port")).toMatchObject({ "pg.client": "127.0.0.1", srcip: "127.0.0.1" });
  expect(before("remote_port")).not.toHaveProperty("pg.session");
  expect(before("message")).toHaveProperty("pg.session");
  expect(before("message")).not.toHaveProperty("pg.severity");
});

test("a client on the same machine has no address", () => {
  const { fields } = decoded(LINE.replace('"127.0.0.1"', '"[local]"'));
  expect(fields).toHaveProperty("pg.client", "local");
  expect(fields).not.toHaveProperty("srcip");
});

test("a part of a split syslog message that only begins like a line is not one", () => {
  const fields = (line: string) => decoded(`Nov 26 10:00:00 db postgres[1]: ${line}`).fields;
  expect(fields(LINE)).toHaveProperty("pg.session");
  expect(fields(LINE.replace(/"timestamp":"[^"]*"/, '"timestamp":"now"'))).not.toHaveProperty("pg.session");
});
