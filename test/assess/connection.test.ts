import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fromPasswordFile, passwordSource } from "../../src/assess/connection/password.js";
import { connectionTarget } from "../../src/assess/connection/target.js";
import type { Problem } from "../../src/diagnostics/problem.js";

const at = (uri?: string, environment: NodeJS.ProcessEnv = {}) => connectionTarget(uri, environment);

function problemOf(uri: string, environment: NodeJS.ProcessEnv = {}): Problem {
  try {
    connectionTarget(uri, environment);
  } catch (error) {
    return error as Problem;
  }
  throw new Error("no Problem was thrown");
}

describe("connection target", () => {
  test("a URI wins over the environment, which wins over the defaults", () => {
    const environment = { PGHOST: "env.example", PGPORT: "6000", PGUSER: "env", PGDATABASE: "envdb" };
    expect(at(undefined, environment)).toMatchObject({
      host: "env.example",
      port: 6000,
      user: "env",
      database: "envdb",
    });
    expect(at("postgresql://u%40x@db.example/a%20b", environment)).toMatchObject({
      host: "db.example",
      port: 6000,
      user: "u@x",
      database: "a b",
    });
    expect(at("postgres://db.example?user=eve&dbname=x&port=7")).toMatchObject({ user: "eve", database: "x", port: 7 });
    expect(at("postgresql://eve@db.example")).toMatchObject({ port: 5432, database: "eve" });
  });

  test("sockets and IPv6", () => {
    expect(at("postgresql://%2Fvar%2Frun%2Fpg/db")).toMatchObject({
      host: "/var/run/pg",
      tls: { options: false, fallBack: false },
    });
    expect(at("postgresql:///db?host=/tmp").host).toBe("/tmp");
    expect(at("postgresql://[::1]:5433/db")).toMatchObject({ host: "::1", port: 5433 });
  });

  test("sslmode means what it means to libpq", () => {
    const tls = (mode?: string) => at(`postgresql://h/d${mode ? `?sslmode=${mode}` : ""}`).tls;
    expect(tls()).toEqual({ options: { rejectUnauthorized: false }, fallBack: true });
    expect(tls("disable")).toEqual({ options: false, fallBack: false });
    expect(tls("require")).toEqual({ options: { rejectUnauthorized: false }, fallBack: false });
    expect(tls("verify-full")).toEqual({ options: {}, fallBack: false });
    expect(tls("verify-ca").options).toHaveProperty("checkServerIdentity");
    expect(tls("verify-ca").options).not.toHaveProperty("rejectUnauthorized");
  });

  test.each([
    ["postgresql://u:s3cret@h/d", "password-on-command-line"],
    ["postgresql://u@h/d?password=s3cret", "password-on-command-line"],
    ["host=h password=s3cret", "connection-uri"],
    ["postgresql://u:s3cret@h1,h2:x/d", "connection-uri"],
    ["postgresql://h/d?sslmode=maybe", "connection-sslmode"],
    ["postgresql://h/d?options=-c", "connection-parameter"],
    ["postgresql://h/d?connect_timeout=soon", "connection-connect-timeout"],
    ["postgresql://h/d?sslrootcert=/nowhere.pem", "connection-certificate"],
  ])("%s is bad usage, and no password is repeated", (uri, code) => {
    const { exitCode, diagnostics } = problemOf(uri);
    expect(exitCode).toBe(3);
    expect(diagnostics[0]!.code).toBe(code);
    expect(JSON.stringify(diagnostics)).not.toContain("s3cret");
  });
});

describe("password", () => {
  const target = at("postgresql://eve@db.example:5433/shop");

  async function passwordFile(text: string, mode = 0o600): Promise<NodeJS.ProcessEnv> {
    const file = join(await mkdtemp(join(tmpdir(), "rulewright-")), "pgpass");
    await writeFile(file, text);
    await chmod(file, mode);
    return { PGPASSFILE: file };
  }

  test("the first line that fits, with wildcards and escapes", async () => {
    const environment = await passwordFile(
      [
        "# db.example:5433:shop:eve:comment",
        "other:*:*:*:no",
        "db.example:5432:*:*:no",
        "*:*:shop:eve:a\\:b\\\\c",
        "*:*:*:*:last",
      ].join("\n"),
    );
    expect(fromPasswordFile(target, environment)).toBe("a:b\\c");
    expect(fromPasswordFile({ ...target, database: "hr" }, environment)).toBe("last");
    expect(fromPasswordFile({ ...target, host: "/tmp" }, await passwordFile("localhost:*:*:*:local"))).toBe("local");
  });

  test("a file that others may read is not used", async () => {
    expect(fromPasswordFile(target, await passwordFile("*:*:*:*:open", 0o644))).toBeUndefined();
    expect(fromPasswordFile(target, { PGPASSFILE: "/nowhere" })).toBeUndefined();
  });

  test("PGPASSWORD wins; without any and without a terminal it says what to do", async () => {
    const environment = await passwordFile("*:*:*:*:file");
    expect(await passwordSource(target, { ...environment, PGPASSWORD: "env" })("shop")).toBe("env");
    expect(await passwordSource(target, environment)("shop")).toBe("file");
    await expect(passwordSource(target, { PGPASSFILE: "/nowhere" })("shop")).rejects.toMatchObject({
      exitCode: 2,
      diagnostics: [{ code: "password-missing" }],
    });
  });
});
