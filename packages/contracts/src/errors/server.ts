import { answered, bullets } from "./list.ts";

export const serverErrors = {
  /** Another process listens there. */
  SERVER_PORT_IN_USE: (d: { host: string; port: number }) =>
    `port ${d.port} on ${d.host} is in use; stop the other process or pass --port N (0 = any free one)`,
  /** The host or port cannot be bound for another reason. */
  SERVER_LISTEN: (d: { host: string; port: number; reason: string }) =>
    `cannot listen on ${d.host}:${d.port}: ${d.reason}`,
  /** The body is larger than the limit. */
  SERVER_BODY_TOO_LARGE: answered(
    413,
    (d: { limitBytes: number }) => `the body is larger than ${d.limitBytes} bytes`,
  ),
  /** The body is not JSON. */
  SERVER_BODY_INVALID: answered(400, (d: { reason: string }) => `the body is not valid JSON: ${d.reason}`),
  /** Not JSON by its content type. */
  SERVER_MEDIA_TYPE: answered(415, (d: { found: string }) => `send application/json, not ${d.found}`),
  /** Query parameters that do not fit. Every problem is listed. */
  SERVER_QUERY_INVALID: answered(
    400,
    (d: { issues: readonly string[] }) => `the query is not valid:${bullets(d.issues)}`,
  ),
  /** No such route. */
  SERVER_NOT_FOUND: answered(
    404,
    (d: { method: string; path: string }) => `no route ${d.method} ${d.path}; see /openapi.json`,
  ),
  /** The route exists, but not with this method. */
  SERVER_METHOD: answered(
    405,
    (d: { method: string; path: string; allowed: readonly string[] }) =>
      `${d.path} does not take ${d.method}; use ${d.allowed.join(" or ")}`,
  ),
  /** The request breaks HTTP itself: bad framing, headers too large, a header timeout. */
  SERVER_HTTP: answered(400, (d: { reason: string }) => `the request is not valid HTTP: ${d.reason}`),
  /** Not loaded yet, or draining. */
  SERVER_NOT_READY: answered(503, (d: { state: string }) => `the server is ${d.state}; try again shortly`),
  /** Something we did not foresee. The log has the rest under the same request id. */
  SERVER_INTERNAL: (d: { requestId: string }) =>
    `internal error; the log has it under request ${d.requestId}`,
};
