/** A call with its deadline, its tries and its headers; whatever is asked goes through here. */
import { createDeadline } from "./deadline.ts";
import { AttuneClientError } from "./error.ts";
import type { CallOptions, Settings } from "./options.ts";
import { withRetries } from "./retry.ts";
import { send } from "./send.ts";

export interface Asked<Answer> {
  readonly path: string;
  /** Parameters of the query; those that are undefined are left out, and a list is repeated. */
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  /** Sent as JSON with POST; without one it is a GET. */
  readonly body?: unknown;
  readonly alsoGood?: readonly number[];
  is(value: unknown): value is Answer;
}

/** @throws {AttuneClientError} and the reason of `options.signal` when that ended it. */
export type Call = <Answer>(asked: Asked<Answer>, options?: CallOptions) => Promise<Answer>;

/** Longest time that the server lets a request allow itself, in milliseconds. */
const longestTimeoutMs = 600_000;

export function createCall(settings: Settings): Call {
  const { apiKey, clock, fetch } = settings;
  const baseUrl = settings.baseUrl.replace(/\/+$/, "");

  return async (asked, { timeoutMs = settings.timeoutMs, signal, model, routingKey } = {}) => {
    const deadline = createDeadline(timeoutMs, clock, signal);
    const url = `${baseUrl}${asked.path}${queryOf({ ...asked.query, model: model ?? settings.model })}`;
    const body = asked.body === undefined ? undefined : JSON.stringify(asked.body);
    const attempt = () => {
      const leftMs = Math.min(longestTimeoutMs, Math.max(1, Math.floor(deadline.left())));
      const headers = {
        ...(body !== undefined && {
          "content-type": "application/json",
          "x-request-timeout-ms": String(leftMs),
        }),
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
        ...(routingKey !== undefined && { "x-routing-key": routingKey }),
      };
      const { alsoGood = [] } = asked;
      const method = body === undefined ? "GET" : "POST";
      return send(url, { method, headers, body, alsoGood }, { fetch, signal: deadline.signal });
    };
    try {
      if (deadline.signal.aborted) throw deadline.signal.reason;
      const value = await withRetries(attempt, deadline, settings);
      if (asked.is(value)) return value;
    } finally {
      deadline.clear();
    }
    throw new AttuneClientError(
      `${asked.path} answered with something else than this client knows; check baseUrl, or install the client of the server's version`,
      { status: 200, code: "answer" },
    );
  };
}

function queryOf(query: NonNullable<Asked<unknown>["query"]>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of value === undefined ? [] : [value].flat()) parameters.append(name, String(one));
  }
  return parameters.size === 0 ? "" : `?${parameters}`;
}
