/** Requests to a manager's API: log-in, renewal of the token, patience with a busy manager, and its refusals as Problems. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Problem, problem } from "../../diagnostics/problem.js";
import { dataOf, refusalOf } from "./envelope.js";
import { type Answer, type Exchange, exchange } from "./exchange.js";
import { CertificateRefused, type Trust, trustingAgent } from "./pinned-agent.js";

export interface ApiClientOptions extends Trust {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** How long one request may take. What loads a ruleset takes seconds. */
  readonly requestMs?: number;
  /** Waits before a request is made again, in milliseconds; when they are used up, it has failed. */
  readonly retriesMs?: readonly number[];
  /** The same when the manager says that it gets too many: it counts per minute, over all its clients. */
  readonly busyMs?: readonly number[];
  /** A line for a person who waits. */
  readonly tell?: (line: string) => void;
}

export interface ApiRequest {
  readonly method: Exchange["method"];
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: { readonly type: BodyType; readonly bytes: Uint8Array };
}

export type BodyType = "application/octet-stream" | "application/json" | "application/xml";

const REQUEST_MS = 60_000;
const RETRIES_MS = [500, 1_500, 4_000, 10_000];
const BUSY_MS = [5_000, 10_000, 20_000, 30_000, 30_000];

const UNAUTHORISED = 401;
const TOO_MANY = 429;
const AUTHENTICATE = "/security/user/authenticate";

export class ApiClient {
  readonly place: string;
  readonly #base: URL;
  readonly #options: ApiClientOptions;
  readonly #agent: ReturnType<typeof trustingAgent>;
  #token: string | null = null;

  constructor(options: ApiClientOptions) {
    this.#base = new URL(options.url);
    this.place = this.#base.origin;
    this.#options = options;
    this.#agent = trustingAgent(options);
  }

  /** `data` of the answer. Throws a Problem (ApiRefusal where the manager says no). */
  async data<T>(request: ApiRequest): Promise<T> {
    return dataOf<T>(nameOf(request), await this.#answered(request));
  }

  /** The bytes that a request with `raw=true` answers with; an envelope instead of them is a refusal. */
  async raw(request: ApiRequest): Promise<Uint8Array> {
    const answer = await this.#answered({ ...request, query: { ...request.query, raw: true } });
    if (answer.contentType !== "application/json") return answer.body;
    dataOf(nameOf(request), answer);
    throw problem(2, { code: "api-answer-unusable", message: `${nameOf(request)}: the answer is not the file's text` });
  }

  /** Logs out. A failure to do so is not thrown: the token ends by itself. */
  async close(): Promise<void> {
    if (this.#token)
      await this.#once({ method: "DELETE", path: AUTHENTICATE }, { authorization: `Bearer ${this.#token}` }).catch(
        () => {},
      );
    this.#token = null;
    this.#agent.destroy();
  }

  /** An answer with status 2xx. */
  async #answered(request: ApiRequest): Promise<Answer> {
    let renewed = false;
    const retries = [...(this.#options.retriesMs ?? RETRIES_MS)];
    const busy = [...(this.#options.busyMs ?? BUSY_MS)];
    for (;;) {
      const answer = await this.#patiently(
        async () => {
          this.#token ??= await this.#logIn();
          return this.#once(request, { authorization: `Bearer ${this.#token}` });
        },
        nameOf(request),
        retries,
        busy,
      );
      if (answer.status >= 200 && answer.status < 300) return answer;
      // A token ends after some minutes, or when somebody changes the security settings.
      if (answer.status !== UNAUTHORISED || renewed) throw refusalOf(nameOf(request), answer);
      renewed = true;
      this.#token = null;
    }
  }

  async #logIn(): Promise<string> {
    const { user, password } = this.#options;
    const basic = Buffer.from(`${user}:${password}`).toString("base64");
    const answer = await this.#once({ method: "POST", path: AUTHENTICATE }, { authorization: `Basic ${basic}` });
    if (answer.status === 200) {
      const { token } = dataOf<{ token?: string }>("log-in", answer);
      if (token) return token;
    }
    if (answer.status === TOO_MANY || answer.status >= 500) throw new Unwell(answer);
    if (answer.status !== UNAUTHORISED) throw refusalOf("log-in", answer);
    throw problem(2, {
      code: "api-login-refused",
      message: `${this.place} refuses user ${JSON.stringify(user)} with the password that was given`,
      hint: "after many refusals the manager locks an address out for some minutes",
    });
  }

  /** Again, after a while, where there was no answer or the manager could not give one. */
  async #patiently(task: () => Promise<Answer>, asked: string, retries: number[], busy: number[]): Promise<Answer> {
    for (;;) {
      let failure: Problem;
      let wait: number | undefined;
      try {
        const answer = await task();
        if (answer.status !== TOO_MANY && answer.status < 500) return answer;
        throw new Unwell(answer);
      } catch (error) {
        if (error instanceof Unwell) {
          failure = refusalOf(asked, error.answer);
          wait = (error.answer.status === TOO_MANY ? busy : retries).shift();
          if (wait !== undefined && error.answer.status === TOO_MANY)
            this.#options.tell?.(`the manager takes no more requests for now: waiting ${wait / 1000} s`);
        } else {
          failure = this.#unreachable(error);
          wait = error instanceof CertificateRefused || isForGood(error) ? undefined : retries.shift();
        }
      }
      if (wait === undefined) throw failure;
      await sleep(wait);
    }
  }

  #unreachable(error: unknown): Problem {
    if (!(error instanceof Error) || "diagnostics" in error) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (error instanceof CertificateRefused || isForGood(error))
      return problem(2, {
        code: "api-certificate",
        message: `${this.place} is not trusted: ${error.message}`,
        hint: "name its authority (ca) or its certificate (fingerprint) in deploy.yaml, after you have made sure that it is the manager's",
      });
    return problem(2, {
      code: "api-unreachable",
      message: `${this.place} does not answer: ${error.message}${code && !error.message.includes(code) ? ` (${code})` : ""}`,
      hint: "is url in deploy.yaml right, and the manager's API running?",
    });
  }

  #once({ method, path, query = {}, body }: ApiRequest, headers: Readonly<Record<string, string>>): Promise<Answer> {
    const parameters = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const asked: Exchange = {
      method,
      path: `${path}${parameters.size > 0 ? `?${parameters}` : ""}`,
      headers: { ...headers, ...(body && { "content-type": body.type }) },
      body: body?.bytes,
    };
    return exchange(this.#base, this.#agent, asked, this.#options.requestMs ?? REQUEST_MS);
  }
}

/** The manager answered that it cannot answer. */
class Unwell extends Error {
  constructor(readonly answer: Answer) {
    super(`HTTP ${answer.status}`);
  }
}

/** A certificate does not become better by asking again. */
function isForGood(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? "";
  return /CERT|SIGNATURE|ISSUER|ERR_TLS|UNABLE_TO_/.test(code);
}

function nameOf({ method, path }: ApiRequest): string {
  return `${method} ${path}`;
}
