import { answered, bullets, names } from "./list.ts";

const modelOf = (d: { model: string; version?: number }) =>
  d.version === undefined ? d.model : `${d.model}/${d.version}`;

export const serverErrors = {
  /** Another process listens there. */
  SERVER_PORT_IN_USE: (d: { host: string; port: number; flag?: string }) =>
    `port ${d.port} on ${d.host} is in use; stop the other process or pass ${d.flag ?? "--port"} N (0 = any free one)`,
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
  /** A compressed body that cannot be read. */
  SERVER_BODY_ENCODING: answered(
    400,
    (d: { reason: string }) =>
      `the body cannot be decompressed: ${d.reason}; send it as gzip, as deflate (zlib), or as it is`,
  ),
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
  /** The request did not arrive, headers and body, in the time that the server gives it. */
  SERVER_RECEIVE_TIMEOUT: answered(
    408,
    (_: object) => "the request did not arrive in time; send it again, without pauses",
  ),
  /** More bytes of headers than the server reads. */
  SERVER_HEADERS_TOO_LARGE: answered(
    431,
    (d: { limitBytes: number }) =>
      `the headers are larger than ${d.limitBytes} bytes together; send fewer or shorter ones`,
  ),
  /** The request breaks HTTP itself, bad framing for example. */
  SERVER_HTTP: answered(400, (d: { reason: string }) => `the request is not valid HTTP: ${d.reason}`),
  /** Not loaded yet, or draining. */
  SERVER_NOT_READY: answered(503, (d: { state: string }) => `the server is ${d.state}; try again shortly`),
  /** More work waits than the server answers in time. Nothing of the request was run. */
  SERVER_OVERLOADED: answered(
    503,
    (d: { retryAfterSeconds: number }) =>
      `the server has more to do than it answers in time; try again in ${d.retryAfterSeconds} s`,
  ),
  /** The time that the request allows, or the server's own limit, was up before the model ran. */
  SERVER_DEADLINE: answered(
    503,
    (d: { waitedMs: number }) =>
      `the time for this request was up after ${d.waitedMs} ms in the queue; try again, or allow more with x-request-timeout-ms`,
  ),
  /** The requests of one body ask for more items together than one answer may hold. */
  SERVER_TOO_MANY_ITEMS: answered(
    400,
    (d: { items: number; limit: number }) =>
      `the requests of this body ask for ${d.items} items together, at most ${d.limit} are allowed; ask for fewer, or in several calls`,
  ),
  /** Headers that we read and cannot follow. Every problem is listed. */
  SERVER_HEADER_INVALID: answered(
    400,
    (d: { issues: readonly string[] }) => `the headers are not valid:${bullets(d.issues)}`,
  ),
  /** A range of bytes that begins behind the end of the file. */
  SERVER_RANGE: answered(
    416,
    (d: { sizeBytes: number }) =>
      `the range begins behind the end of the file, which has ${d.sizeBytes} bytes; leave the range header out to get all of it`,
  ),
  /** A served file was written into after it was checked. */
  SERVER_FILE_CHANGED: answered(
    503,
    (d: { file: string }) =>
      `${d.file} was changed on the server after it was checked, so it is not sent; the server has to load the artifact again`,
  ),
  /** The repository was asked to load a version that is not fit to answer. What answered before still does. */
  SERVER_MODEL_NOT_LOADED: answered(
    400,
    (d: { model: string; reason: string }) =>
      `${d.model} was not loaded: ${d.reason}. What answered before still does; the log has the rest`,
  ),
  /** Nothing that is served has this name or version. Without a name: the request has to give one. */
  SERVER_MODEL_UNKNOWN: answered(404, (d: { model: string; version?: number }) =>
    d.model === ""
      ? "no model answers by default; name one in the request"
      : `no model ${modelOf(d)} is served; use a name of the server's list of models`,
  ),
  /** The version is known, and cannot answer now: it is being loaded, was unloaded, or was refused. */
  SERVER_MODEL_UNAVAILABLE: answered(
    503,
    (d: { model: string; version?: number; reason: string }) =>
      `the model ${modelOf(d)} cannot answer now (${d.reason}); try again later, or ask another version`,
  ),
  /** An alias leads to what was to be unloaded. Nothing was changed. */
  SERVER_MODEL_ALIASED: answered(
    409,
    (d: { model: string; version?: number; aliases: readonly string[] }) =>
      `${modelOf(d)} answers for ${names(d.aliases)}; point those elsewhere in aliases.json first`,
  ),
  /** The alias file does not fit its schema or the repository. Every problem is listed; the aliases in place stay. */
  SERVER_ALIASES: (d: { issues: readonly string[] }) =>
    `aliases.json was not taken over:${bullets(d.issues)}\nthe aliases in place stay; correct the file, write it aside and rename it into place`,
  /** A version whose callers would break: another task or signature, or columns that are gone or of another kind. */
  SERVER_SWAP: (d: { from: string; to: string; issues: readonly string[] }) =>
    `${d.to} cannot take the place of ${d.from}, whose callers would break:${bullets(d.issues)}\n${d.from} goes on answering; give ${d.to} a name or an alias of its own`,
  /** The folder of models cannot be served as it is. */
  SERVER_REPOSITORY: (d: { issues: readonly string[] }) =>
    `the folder of models cannot be served:${bullets(d.issues)}\nit has to hold <name>/<version>/ folders of artifacts, versions being whole numbers from 1`,
  /** No key, or one that is not known. */
  SERVER_UNAUTHORIZED: answered(
    401,
    (d: { group: string }) =>
      `this needs a key of the group ${d.group}; send it as \`authorization: Bearer KEY\` or as \`x-api-key: KEY\``,
  ),
  /** A key of another group. */
  SERVER_FORBIDDEN: answered(
    403,
    (d: { group: string }) => `this key may not ask that; use one of the group ${d.group}`,
  ),
  /** The server has no key for its administration, and the caller is on another machine. */
  SERVER_ADMIN_LOCAL: answered(
    403,
    (_: object) =>
      "without a key of the group admin, this is open to callers on the server's own machine only; give the server one with --keys",
  ),
  /** One key, or one address, asks more often than it may. */
  SERVER_RATE: answered(
    429,
    (d: { retryAfterSeconds: number }) =>
      `you ask more often than you may; try again in ${d.retryAfterSeconds} s, or put many requests into one body`,
  ),
  /** A page of another origin asks to change something, or to run a model, without being allowed to. */
  SERVER_ORIGIN: answered(
    403,
    (d: { origin: string; advice: string }) =>
      `pages of ${d.origin} may not ask this here${d.advice === "" ? "" : `; ${d.advice}`}`,
  ),
  /** The host that was asked for is not this server: a name that somebody made to point at it. */
  SERVER_HOST: answered(
    403,
    (d: { host: string }) =>
      `${d.host} is no name of this server; ask it by its address, or start it with --allow-host and the name`,
  ),
  /** Keys that cannot be used. Every problem is listed, and no key is shown. */
  SERVER_KEYS: (d: { source: string; issues: readonly string[] }) =>
    `the keys of ${d.source} cannot be used:${bullets(d.issues)}`,
  /** A certificate or its key that cannot be used. Every problem is listed. */
  SERVER_TLS: (d: { issues: readonly string[] }) => `cannot serve over TLS:${bullets(d.issues)}`,
  /** Options that do not fit, wherever they were given. Every problem is listed. */
  SERVER_CONFIG: (d: { issues: readonly string[] }) =>
    `the server's options are not valid:${bullets(d.issues)}`,
  /** Something we did not foresee. The log has the rest under the same request id. */
  SERVER_INTERNAL: (d: { requestId: string }) =>
    `internal error; the log has it under request ${d.requestId}`,
};
