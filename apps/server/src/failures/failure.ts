/** From anything thrown to the one error shape of the API. */
import { STATUS_CODES } from "node:http";
import { AttuneError, type ErrorCode, errorMessages, httpStatus, isAttuneError } from "@attune/contracts";

/** Body of every answer with status ≥ 400. */
export interface FailureBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    /** What the server knew; absent for `SERVER_INTERNAL`. */
    readonly details?: unknown;
    /** Also in the `x-request-id` header and in the log. */
    readonly requestId: string;
  };
}

export interface Failure {
  readonly status: number;
  readonly body: FailureBody;
  /** Present when the cause is ours: what to log, never what to answer. */
  readonly internal?: unknown;
}

export interface FailureContext {
  readonly requestId: string;
  readonly method: string;
  /** Without the query: it may hold what a person typed. */
  readonly path: string;
  readonly contentType: string | undefined;
  readonly bodyLimit: number;
}

/** Turns any thrown value into status and body. Unforeseen causes become `SERVER_INTERNAL` and say nothing about themselves. */
export function toFailure(cause: unknown, context: FailureContext): Failure {
  const error = isAttuneError(cause) ? cause : translate(cause, context);
  const status = error === undefined ? 500 : httpStatus(error.code);
  if (error === undefined || status === 500) {
    const answer = new AttuneError("SERVER_INTERNAL", { requestId: context.requestId });
    return { status: 500, body: failureBody(answer, context.requestId), internal: cause };
  }
  return { status, body: failureBody(error, context.requestId) };
}

/** The error shape for one known error. */
export function failureBody(error: AttuneError, requestId: string): FailureBody {
  const details = error.code === "SERVER_INTERNAL" ? {} : { details: error.details };
  return { error: { code: error.code, message: error.message, ...details, requestId } };
}

/** Fastify's own failures, in our words. */
function translate(cause: unknown, context: FailureContext): AttuneError | undefined {
  const { code, statusCode, message } = (cause ?? {}) as {
    code?: unknown;
    statusCode?: unknown;
    message?: string;
  };
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new AttuneError("SERVER_BODY_TOO_LARGE", { limitBytes: context.bodyLimit });
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new AttuneError("SERVER_MEDIA_TYPE", { found: context.contentType ?? "a body without a type" });
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return new AttuneError("SERVER_BODY_INVALID", { reason: "its length is not the content-length" });
    case "ECONNRESET":
      return new AttuneError("SERVER_HTTP", { reason: "the connection ended before the body did" });
    case "FST_ERR_BAD_URL":
    case "FST_ERR_MAX_PARAM_LENGTH":
      return new AttuneError("SERVER_NOT_FOUND", { method: context.method, path: context.path });
    default:
      break;
  }
  // A 4xx of a plugin (a path that leaves the asset folder, say) is the caller's doing, whatever its name.
  if (typeof statusCode === "number" && statusCode === 404) {
    return new AttuneError("SERVER_NOT_FOUND", { method: context.method, path: context.path });
  }
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500) {
    return new AttuneError("SERVER_HTTP", { reason: message ?? STATUS_CODES[statusCode] ?? "bad request" });
  }
  return undefined;
}

/** Codes a caller of the HTTP API can meet, with their status: the table of the OpenAPI document. */
export function answeredCodes(): ReadonlyMap<number, readonly ErrorCode[]> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of Object.keys(errorMessages) as ErrorCode[]) {
    const status = httpStatus(code);
    if (status === 500 && code !== "SERVER_INTERNAL") continue;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}
