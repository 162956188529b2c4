/** The manager's own description of its API, and whether a request is one that it describes. */
import { existsSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { parse } from "yaml";
import type { SeenRequest } from "./api-double.js";

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema?: object;
}
interface Operation {
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema: object }>>;
  };
}
interface Reference {
  readonly $ref: string;
}
type Description = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> } & object;

export class OpenApi {
  readonly #description: Description;
  readonly #ajv = new Ajv({ strict: false, coerceTypes: true, validateFormats: false, logger: false });

  private constructor(description: Description) {
    this.#description = description;
  }

  /** Null where the file is not there. */
  static read(file: string): OpenApi | null {
    return existsSync(file) ? new OpenApi(parse(joined(readFileSync(file, "utf8"))) as Description) : null;
  }

  /** What is wrong with a request; empty when it is as described. */
  faults({ method, path, query, contentType, body }: SeenRequest): string[] {
    const asked = `${method} ${path}`;
    const found = this.#operation(method, path);
    if (!found) return [`${asked}: there is no such operation`];
    const { operation, values } = found;
    const parameters = (operation.parameters ?? []).map((each) => this.#resolved<Parameter>(each));
    const faults: string[] = [];
    for (const [name, value] of query) {
      const known = parameters.find((each) => each.in === "query" && each.name === name);
      if (!known) faults.push(`${asked}: no parameter ${name}`);
      else if (known.schema && !this.#matches(known.schema, value))
        faults.push(`${asked}: ${name}=${value} is not valid`);
    }
    for (const { name, in: where, required, schema } of parameters) {
      if (where === "query" && required && !query.has(name)) faults.push(`${asked}: lacks ${name}`);
      if (where === "path" && schema && !this.#matches(schema, values.get(name)))
        faults.push(`${asked}: ${name} is not valid`);
    }
    return [...faults, ...this.#bodyFaults(asked, operation, contentType, body)];
  }

  #bodyFaults(asked: string, { requestBody }: Operation, type: string | undefined, body: Buffer): string[] {
    if (!requestBody) return body.length > 0 ? [`${asked}: takes no body`] : [];
    const content = requestBody.content[type ?? ""];
    if (!content) return [`${asked}: does not take ${type ?? "a request without a body"}`];
    if (type !== "application/json" || this.#matches(content.schema, JSON.parse(body.toString()))) return [];
    return [`${asked}: its body is not valid`];
  }

  #operation(method: string, path: string): { operation: Operation; values: Map<string, string> } | null {
    for (const [template, operations] of Object.entries(this.#description.paths)) {
      const operation = operations[method.toLowerCase()];
      if (!operation) continue;
      const names = [...template.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name!);
      const match = new RegExp(`^${template.replace(/\{[^}]+\}/g, "([^/]+)")}$`).exec(path);
      if (match) return { operation, values: new Map(names.map((name, index) => [name, match[index + 1]!])) };
    }
    return null;
  }

  #matches(schema: object, value: unknown): boolean {
    // Coercion changes what it is given.
    return this.#ajv.validate(this.#inlined(schema) as object, structuredClone(value));
  }

  #resolved<T extends object>(value: T | Reference): T {
    if (!("$ref" in value)) return value;
    const path = value.$ref.replace(/^#\//, "").split("/");
    return this.#resolved<T>(
      path.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], this.#description) as T,
    );
  }

  /** A schema with everything that it refers to in it. */
  #inlined(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#inlined(each));
    if (typeof value !== "object" || value === null) return value;
    const node = "$ref" in value ? this.#resolved<object>(value as Reference) : value;
    return Object.fromEntries(Object.entries(node).map(([key, each]) => [key, this.#inlined(each)]));
  }
}

/** Its quoted texts go on at the start of a line, which YAML does not have: they are made one line. */
function joined(text: string): string {
  return text.replace(
    /^(\s*(?:- )*(?:[\w-]+: )?)("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/gm,
    (_all, key: string, value: string) => key + value.replace(/\s*\n\s*/g, " "),
  );
}
