import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { isNode, LineCounter, parseDocument, type YAMLParseError } from "yaml";
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
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw problem(2, { code: "file-unreadable", message: `cannot read ${file}: ${systemReason(error)}` });
  }
  if (!isUtf8(bytes) || bytes.includes(0))
    throw problem(2, { code: "yaml-invalid", message: `${file} is no text in UTF-8` });
  const lines = new LineCounter();
  const document = parseDocument(bytes.toString(), { lineCounter: lines });
  const at = (offset: number): Where => {
    const { line, col } = lines.linePos(offset);
    return { file, line: line || 1, column: col || 1 };
  };
  if (document.errors.length > 0) {
    const found = document.errors.map(
      (error): Diagnostic => ({
        code: "yaml-invalid",
        severity: "error",
        message: syntaxMessage(error),
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
    // These three only repeat that something else is wrong.
    const found = (validate.errors ?? []).filter(({ keyword }) => !["if", "oneOf", "propertyNames"].includes(keyword));
    throw new Problem(
      invalidExit,
      found.map((error) => offence(error, value, locate)),
    );
  }
  return { value, locate };
}

function syntaxMessage({ code, message }: YAMLParseError): string {
  if (code === "MULTIPLE_DOCS") return "the file holds a second document: leave out what follows ---";
  return (message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, "");
}

const TYPES: Readonly<Record<string, string>> = {
  object: "a mapping (key: value)",
  array: "a list",
  string: "a text",
  integer: "a whole number",
  boolean: "true or false",
};

function offence(error: ErrorObject, root: unknown, locate: YamlFile<unknown>["locate"]): Diagnostic {
  const path = error.instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const value = path.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], root);
  const { text, hint, key } = wording(error, value);
  return {
    code: `schema-${error.keyword.toLowerCase()}`,
    severity: "error",
    message: `${path.length > 0 ? path.join(".") : "the file"} ${text}`,
    where: locate(key === undefined ? path : [...path, key]),
    ...(hint && { hint }),
  };
}

interface Wording {
  /** What follows the name of the value. */
  readonly text: string;
  readonly hint?: string;
  /** The key in the value that is meant. */
  readonly key?: string;
}

function wording({ keyword, params, message, parentSchema, propertyName }: ErrorObject, value: unknown): Wording {
  if (propertyName !== undefined)
    return { text: `has the key ${JSON.stringify(propertyName)}, which ${message}`, key: propertyName };
  switch (keyword) {
    case "additionalProperties":
    case "unevaluatedProperties": {
      const key = String(params.additionalProperty ?? params.unevaluatedProperty);
      const known = Object.keys((parentSchema as { properties?: object } | undefined)?.properties ?? {});
      const hint = known.length > 0 ? `known keys: ${known.join(", ")}` : undefined;
      return { text: `has no key ${JSON.stringify(key)}`, hint, key };
    }
    case "enum":
      return { text: `is ${JSON.stringify(value)}`, hint: `one of: ${(params.allowedValues as unknown[]).join(", ")}` };
    case "required":
      return { text: `lacks the key ${JSON.stringify(params.missingProperty)}` };
    case "type": {
      const is = value === null || value === undefined ? "is empty" : `is ${JSON.stringify(value)}`;
      return { text: `${is}: it must be ${TYPES[params.type as string] ?? params.type}` };
    }
    default:
      return { text: `${message}${typeof value === "object" ? "" : `: ${JSON.stringify(value)}`}` };
  }
}
