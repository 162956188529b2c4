/** The envelopes that the API's answers come in. */

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

export function allItems(data: object): Reply {
  return json(200, { data, error: 0 });
}

export function items(affected: readonly unknown[], total = affected.length): Reply {
  return json(200, {
    data: { affected_items: affected, total_affected_items: total, total_failed_items: 0, failed_items: [] },
    message: "done",
    error: 0,
  });
}

/** HTTP 200, and nothing done. */
export function failure(id: string, code: number, message: string): Reply {
  return failures([id], code, message, []);
}

/** `error` 1 when all failed, 2 when some did: both with HTTP 200. */
export function failures(ids: readonly string[], code: number, message: string, done: readonly unknown[]): Reply {
  return json(200, {
    data: {
      affected_items: done,
      total_affected_items: done.length,
      total_failed_items: ids.length,
      failed_items: [{ error: { code, message }, id: ids }],
    },
    message: "not done",
    error: done.length > 0 ? 2 : 1,
  });
}

export function refused(status: number, title: string, detail: string, error?: number): Reply {
  return { ...json(status, { title, detail, error }), type: "application/problem+json; charset=utf-8" };
}

function json(status: number, body: object): Reply {
  return { status, type: "application/json; charset=utf-8", body: JSON.stringify(body) };
}

/** A file as `raw=true` gives it. */
export function text(bytes: Buffer, type = "application/xml"): Reply {
  return { status: 200, type, body: bytes };
}
