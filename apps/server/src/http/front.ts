/**
 * The HTTP server in front of the framework. Under overload most requests are refused here, before their body is read and
 * before any route is looked up: refusing must cost less than answering.
 */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import { AttuneError } from "@attune/contracts";
import type { Admission } from "../admission/admission.ts";
import { failureBody } from "../failures/failure.ts";
import { commonHeaders } from "../security.ts";
import { declaredLength } from "./read-body.ts";
import { requestIdOf } from "./request-id.ts";

export interface Tls {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface FrontOptions {
  readonly tls: Tls | undefined;
  /** A request, headers and body, must have arrived by then. */
  readonly receiveTimeoutMs: number;
  /** Absent on a server that runs no model. */
  readonly admission: Admission | undefined;
  /** Told of every request that was refused here. */
  onRefused(refused: { readonly route: string; readonly reason: "queue" | "bytes" }): void;
  /** Told when a connection was refused, because there are too many. */
  onDroppedConnection(): void;
}

/** How often overdue requests are looked for: Node's own half minute would let a stalled body live twice as long. */
const checkIntervalMs = 1000;

/** Longer than proxies keep their side, so that they are the ones who close: nginx has 60 s, AWS too. */
const keepAliveTimeoutMs = 72_000;

/** A connection on which nothing moves, in either direction: somebody who does not read the answer. */
const stalledConnectionMs = 60_000;

/** Open at once. More would only wait for each other. */
const maxConnections = 10_000;

export function createFront(handler: RequestListener, options: FrontOptions): Server {
  const { tls, receiveTimeoutMs, admission, onRefused, onDroppedConnection } = options;
  const listener: RequestListener =
    admission === undefined
      ? handler
      : (request, response) => {
          // Browsers of other origins need headers that the framework adds.
          const route =
            request.headers.origin === undefined ? askingRoute(request.method, request.url) : undefined;
          if (route === undefined) return handler(request, response);
          const bytes = declaredLength(request) ?? 0;
          const reason = !admission.budget.hasRoom(bytes)
            ? "bytes"
            : admission.enter(request, bytes)
              ? undefined
              : "queue";
          if (reason === undefined) {
            response.once("close", () => admission.leave(request));
            return handler(request, response);
          }
          refuse(request, response, route.startsWith("/v2"));
          onRefused({ route, reason });
        };
  const timers: ServerOptions = {
    requestTimeout: receiveTimeoutMs,
    headersTimeout: receiveTimeoutMs,
    connectionsCheckingInterval: Math.min(checkIntervalMs, receiveTimeoutMs),
    keepAliveTimeout: keepAliveTimeoutMs,
  };
  const server =
    tls === undefined ? createServer(timers, listener) : createTlsServer({ ...timers, ...tls }, listener);
  server.setTimeout(stalledConnectionMs);
  server.maxConnections = maxConnections;
  server.on("drop", onDroppedConnection);
  return server;
}

const failure = new AttuneError("SERVER_OVERLOADED", { retryAfterSeconds: 1 });
const mark = "request-id";
const [before, after] = JSON.stringify(failureBody(failure, mark)).split(mark) as [string, string];
const protocolBody = JSON.stringify({ error: failure.message });
const fixedHeaders = [
  ...Object.entries(commonHeaders).flat(),
  "retry-after",
  "1",
  "x-attune-error",
  failure.code,
  "content-type",
];

/** The answer is put together from text that is always the same: it is given ten thousand times a second. */
function refuse(request: IncomingMessage, response: ServerResponse, isProtocol: boolean): void {
  const requestId = requestIdOf(request);
  const body = isProtocol ? protocolBody : before + requestId + after;
  // All of it is ASCII.
  response.writeHead(503, [
    ...fixedHeaders,
    isProtocol ? "application/json" : "application/json; charset=utf-8",
    "x-request-id",
    requestId,
    "content-length",
    String(body.length),
  ]);
  response.end(body);
}

/** The pattern of the route, when it is one that runs a model. */
function askingRoute(method: string | undefined, url = ""): string | undefined {
  if (method !== "POST") return undefined;
  const path = url.split("?", 1)[0]!;
  if (path === "/v1/recommend" || path === "/v1/predict") return path;
  if (!path.startsWith("/v2/models/") || !path.endsWith("/infer")) return undefined;
  return path.includes("/versions/")
    ? "/v2/models/:model/versions/:version/infer"
    : "/v2/models/:model/infer";
}
