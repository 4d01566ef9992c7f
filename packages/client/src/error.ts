/** The one error of this package. */

export interface FailedCall {
  readonly status: number;
  readonly code: string;
  readonly requestId?: string | undefined;
  readonly issues?: readonly string[] | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/**
 * A call that has no answer. Recognise it by `name` and `code`: the server's codes are in capitals (`REQUEST_INVALID`,
 * `SERVER_OVERLOADED`); `network`, `timeout`, `answer` and `options` are this package's own.
 */
export class AttuneClientError extends Error {
  override readonly name = "AttuneClientError";
  /** Of HTTP; 0 when nothing was answered. */
  readonly status: number;
  /** For programs; never renamed. */
  readonly code: string;
  /** The server's log has the rest under it. */
  readonly requestId: string | undefined;
  /** Every problem of a refused request. */
  readonly issues: readonly string[] | undefined;
  /** How long the server asked to wait, on 429 and 503. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { status, code, requestId, issues, retryAfterMs, cause }: FailedCall) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.issues = issues;
    this.retryAfterMs = retryAfterMs;
  }
}
