/** One try: a request out, an answer or an error back. */
import type { Failure } from "./api.ts";
import { AttuneClientError } from "./error.ts";
import { retryAfterMs } from "./retry-after.ts";

export interface Outgoing {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  /** As JSON. */
  readonly body: string | undefined;
  /** Statuses that answer as 200 does. */
  readonly alsoGood: readonly number[];
}

/**
 * @returns the body as it was parsed, of no known shape.
 * @throws {AttuneClientError} and the signal's reason when that ended it.
 */
export async function send(
  url: string,
  { method, headers, body, alsoGood }: Outgoing,
  { fetch, signal }: { readonly fetch: typeof globalThis.fetch; readonly signal: AbortSignal },
): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { method, headers, signal, ...(body !== undefined && { body }) });
    text = await response.text();
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new AttuneClientError(
      `cannot reach ${new URL(url, globalThis.location?.href).origin}: ${reasonOf(cause)}; check baseUrl and that the server runs`,
      { status: 0, code: "network", cause },
    );
  }
  const value = parse(text);
  if ((response.ok || alsoGood.includes(response.status)) && value !== undefined) return value;
  throw failureOf(response, value);
}

/** fetch wraps what the network said. */
function reasonOf(cause: unknown): string {
  const { message, cause: inner } = cause as Error;
  return inner instanceof Error && inner.message !== "" ? inner.message : message;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failureOf({ status, headers }: Response, value: unknown): AttuneClientError {
  const { error } = (value ?? {}) as Partial<Failure>;
  const retryAfter = retryAfterMs(headers, Date.now());
  if (typeof error?.code !== "string" || typeof error.message !== "string") {
    return new AttuneClientError(
      `${status} without an answer of an Attune server; check baseUrl and what stands in between`,
      {
        status,
        code: "answer",
        retryAfterMs: retryAfter,
        requestId: headers.get("x-request-id") ?? undefined,
      },
    );
  }
  const { code, message, requestId, details = {} } = error;
  const seconds = details.retryAfterSeconds;
  return new AttuneClientError(message, {
    status,
    code,
    requestId,
    issues: Array.isArray(details.issues) ? details.issues.map(String) : undefined,
    // A page of another origin may see the body and not the header.
    retryAfterMs: retryAfter ?? (typeof seconds === "number" ? seconds * 1000 : undefined),
  });
}
