import { readFile } from "node:fs/promises";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { isNode, LineCounter, parseDocument } from "yaml";
import type { Diagnostic, Where } from "./diagnostic.js";
import { Problem, problem, systemReason } from "./problem.js";

/** A YAML file that has passed its schema. */
export interface YamlFile<T> {
  readonly value: T;
  /** Where the value under this path stands, or its nearest parent that does: `["accounts", "etl", "may"]`. */
  readonly locate: (path: readonly (string | number)[]) => Where;
}

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, verbose: true });

/** Compiles a JSON schema for `readYaml`. */
export function yamlSchema<T>(schema: object): ValidateFunction<T> {
  return ajv.compile<T>(schema);
}

/**
 * Reads and checks a YAML file. Throws a Problem that names every offence with its key, line and column: exit code 2 when
 * the file cannot be read or is no YAML, `invalidExit` when it does not fit the schema.
 */
export async function readYaml<T>(
  file: string,
  validate: ValidateFunction<T>,
  invalidExit: 1 | 3,
): Promise<YamlFile<T>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw problem(2, { code: "file-unreadable", message: `cannot read ${file}: ${systemReason(error)}` });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number): Where => {
    const { line, col } = lines.linePos(offset);
    return { file, line: line || 1, column: col || 1 };
  };
  if (document.errors.length > 0) {
    const found = document.errors.map(
      (error): Diagnostic => ({
        code: "yaml-invalid",
        severity: "error",
        message: (error.message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, ""),
        where: at(error.pos[0]),
      }),
    );
    throw new Problem(2, found);
  }
  const locate = (path: readonly (string | number)[]): Where => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return at(node.range[0]);
    }
    return at(0);
  };
  const value: unknown = document.toJS();
  if (!validate(value)) {
    const found = (validate.errors ?? []).filter((error) => error.keyword !== "if" && error.keyword !== "oneOf");
    throw new Problem(
      invalidExit,
      found.map((error) => offence(error, value, locate)),
    );
  }
  return { value, locate };
}

function offence(error: ErrorObject, root: unknown, locate: YamlFile<unknown>["locate"]): Diagnostic {
  const path = error.instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const name = path.length > 0 ? path.join(".") : "the file";
  const { params, keyword } = error;
  const value = path.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], root);
  const shown = typeof value === "object" ? "" : `: ${JSON.stringify(value)}`;
  let message = `${name} ${error.message}${shown}`;
  let hint: string | undefined;
  let target: string[] = path;
  if (keyword === "additionalProperties" || keyword === "unevaluatedProperties") {
    const key = String(params.additionalProperty ?? params.unevaluatedProperty);
    message = `${name} has no key ${JSON.stringify(key)}`;
    target = [...path, key];
    const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
    if (known.length > 0) hint = `known keys: ${known.join(", ")}`;
  } else if (keyword === "enum") {
    message = `${name} is ${JSON.stringify(value)}`;
    hint = `one of: ${(params.allowedValues as unknown[]).join(", ")}`;
  } else if (keyword === "required") message = `${name} lacks the key ${JSON.stringify(params.missingProperty)}`;
  return {
    code: `schema-${keyword.toLowerCase()}`,
    severity: "error",
    message,
    where: locate(target),
    ...(hint && { hint }),
  };
}
