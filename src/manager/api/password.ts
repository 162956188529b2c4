import { readFile } from "node:fs/promises";
import { askPassword } from "../../diagnostics/ask-password.js";
import { problem, systemReason } from "../../diagnostics/problem.js";
import type { ApiTargetConfig } from "../deploy-config.js";

/** The password by the one way that deploy.yaml names; it is never printed. Throws a Problem when it is not there. */
export async function passwordOf(
  name: string,
  { password_env, password_file, user }: ApiTargetConfig,
): Promise<string> {
  const password = await (password_env !== undefined
    ? fromEnvironment(name, password_env)
    : password_file !== undefined
      ? fromFile(name, password_file)
      : fromTerminal(name, user));
  if (password === "") throw problem(3, { code: "password-empty", message: `${name}: the password is empty` });
  return password;
}

async function fromEnvironment(name: string, variable: string): Promise<string> {
  const value = process.env[variable];
  if (value !== undefined) return value;
  throw problem(3, {
    code: "password-missing",
    message: `${name}: the environment has no ${variable}`,
    hint: `set ${variable} to the password of this target's user`,
  });
}

async function fromFile(name: string, file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).replace(/\r?\n$/, "");
  } catch (error) {
    throw problem(3, {
      code: "password-missing",
      message: `${name}: cannot read the password from ${file}: ${systemReason(error)}`,
    });
  }
}

async function fromTerminal(name: string, user: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw problem(3, {
      code: "password-missing",
      message: `${name}: there is no terminal to ask for the password`,
      hint: "name password_env or password_file in deploy.yaml instead of password_prompt",
    });
  return askPassword(`password of ${user} on ${name}: `);
}
