/** The form that all answers of the manager's API have; `error` 1 or 2 is a failure, although it comes with HTTP 200. */
import { Problem, problem } from "../../diagnostics/problem.js";
import type { Answer } from "./exchange.js";

export interface FailedItem {
  readonly code: number;
  readonly message: string;
  readonly ids: readonly string[];
}

/** The API's own refusal: its code, so that "there is none" can be told from the rest. */
export class ApiRefusal extends Problem {
  readonly codes: readonly number[];

  constructor(asked: string, reason: string, codes: readonly number[], hint?: string) {
    super(2, [{ code: "api-refused", severity: "error", message: `${asked}: ${reason}`, ...(hint && { hint }) }]);
    this.codes = codes;
  }
}

interface Envelope<T> {
  readonly error?: number;
  readonly message?: string;
  readonly data?: T & { readonly failed_items?: readonly RawFailure[] };
}
interface RawFailure {
  readonly error: { readonly code: number; readonly message: string };
  readonly id: readonly unknown[];
}

/** `data` of an answer in which everything succeeded. `asked` names the request in the Problem that is thrown otherwise. */
export function dataOf<T>(asked: string, { status, body }: Answer): T {
  const envelope = parse<Envelope<T>>(asked, body);
  if (envelope.error === 0 || (envelope.error === undefined && status === 200 && envelope.data !== undefined))
    return envelope.data as T;
  const failed = (envelope.data?.failed_items ?? []).map(failedItem);
  const reason =
    failed.length > 0
      ? failed.map(({ code, message, ids }) => `${ids.join(", ")}: ${message} (${code})`).join("; ")
      : (envelope.message ?? `error ${envelope.error}`);
  const partly = envelope.error === 2 ? "it succeeded in part only: " : "";
  throw new ApiRefusal(
    asked,
    partly + reason,
    failed.length > 0 ? failed.map(({ code }) => code) : [envelope.error ?? 0],
  );
}

function failedItem({ error, id }: RawFailure): FailedItem {
  return { code: error.code, message: error.message, ids: id.map(String) };
}

/** What the API says of a request that it did not carry out: `application/problem+json`. */
export function refusalOf(asked: string, { status, body }: Answer): ApiRefusal {
  const told = parseOrNull<{ title?: string; detail?: string; remediation?: string; error?: number }>(body);
  const reason = [told?.title, told?.detail].filter(Boolean).join(": ") || `HTTP ${status}`;
  return new ApiRefusal(
    asked,
    told?.error === undefined ? reason : `${reason} (${told.error})`,
    [told?.error ?? status],
    told?.remediation,
  );
}

export function parse<T>(asked: string, body: Buffer): T {
  const value = parseOrNull<T>(body);
  if (value !== null) return value;
  throw problem(2, {
    code: "api-answer-unusable",
    message: `${asked}: the answer is not what a manager's API says: ${JSON.stringify(body.toString().slice(0, 80))}`,
    hint: "does url in deploy.yaml name the manager's API?",
  });
}

function parseOrNull<T>(body: Buffer): T | null {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" ? (value as T) : null;
  } catch {
    return null;
  }
}
