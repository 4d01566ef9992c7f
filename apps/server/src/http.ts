/** The HTTP layer without routes: body parsing, request ids, headers, failures, access log. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { AttuneError, httpStatus } from "@attune/contracts";
import {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
} from "fastify";
import { failureBody, toFailure } from "./failures/failure.ts";
import { parseJsonBody } from "./json/parse-body.ts";
import type { Readiness } from "./model/readiness.ts";
import type { ServerLogger } from "./observe/log.ts";
import type { Metrics } from "./observe/metrics.ts";
import { commonHeaders } from "./security.ts";

export interface HttpOptions {
  readonly bodyLimit: number;
  readonly logger: ServerLogger;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
}

/** A request, headers and body, must have arrived by then. */
const requestTimeoutMs = 30_000;

/** After broken HTTP, how long a caller has to read why before the connection goes, hung up or not. */
const lingerMs = 1000;

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** Request ids of callers are kept when they are harmless in headers and logs. */
const acceptableRequestId = /^[\w.:/+=-]{1,128}$/;

export function createHttp(options: HttpOptions): FastifyInstance {
  const { bodyLimit } = options;
  const app = fastify({
    bodyLimit,
    requestTimeout: requestTimeoutMs,
    return503OnClosing: false,
    genReqId: requestIdOf,
    frameworkErrors: (error, request, reply) => {
      answerFailure(error, request, reply, options);
    },
    clientErrorHandler(error, socket) {
      if (error.code === "ECONNRESET" || !socket.writable) {
        socket.destroy();
        return;
      }
      const failure = new AttuneError("SERVER_HTTP", { reason: error.message });
      const body = JSON.stringify(failureBody(failure, randomUUID()));
      const head = `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}`;
      socket.end(
        `HTTP/1.1 ${httpStatus("SERVER_HTTP")} Bad Request\r\nconnection: close\r\n${head}\r\n\r\n${body}`,
      );
      // Not at once: what we have not read would turn our answer into a reset.
      setTimeout(() => socket.destroy(), lingerMs).unref();
    },
  });

  // Not `hasRoute`: it reads a caller's path as a pattern, and throws on some.
  const methodsOf = new Map<string, Set<string>>();
  app.addHook("onRoute", ({ method, url }) => {
    const known = methodsOf.get(url) ?? new Set();
    methodsOf.set(url, known);
    for (const one of [method].flat()) known.add(one);
  });

  // The schemas are for the document only: the request check is hand-written, and JSON.stringify is as fast
  // as generated code on slates.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));

  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_, body, done) => {
    try {
      done(null, parseJsonBody(body as Buffer));
    } catch (cause) {
      done(cause as Error);
    }
  });

  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(commonHeaders).header("x-request-id", request.id);
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    observe(request, reply, options);
    done();
  });

  app.setErrorHandler((error: FastifyError, request, reply) => answerFailure(error, request, reply, options));
  app.setNotFoundHandler((request, reply) => {
    const { method } = request;
    const path = pathOf(request);
    const allowed = methods.filter((other) => methodsOf.get(path)?.has(other));
    if (allowed.length === 0) {
      return answerFailure(new AttuneError("SERVER_NOT_FOUND", { method, path }), request, reply, options);
    }
    reply.header("allow", allowed.join(", "));
    return answerFailure(
      new AttuneError("SERVER_METHOD", { method, path, allowed }),
      request,
      reply,
      options,
    );
  });
  return app;
}

function answerFailure(
  cause: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { bodyLimit, logger }: HttpOptions,
): FastifyReply {
  const context = {
    requestId: request.id,
    method: request.method,
    path: pathOf(request),
    contentType: request.headers["content-type"]?.slice(0, 100),
    bodyLimit,
  };
  const { status, body, internal } = toFailure(cause, context);
  const fields = { requestId: request.id, method: request.method, route: routeOf(request), status };
  if (internal === undefined) logger.info({ ...fields, code: body.error.code }, "request refused");
  else logger.error({ ...fields, err: internal }, "request failed");
  if (status === 503) reply.header("retry-after", "1");
  return reply
    .status(status)
    .headers(commonHeaders)
    .header("x-request-id", request.id)
    .header("content-type", "application/json; charset=utf-8")
    .serializer(JSON.stringify)
    .send(body);
}

function observe(request: FastifyRequest, reply: FastifyReply, { metrics, logger }: HttpOptions): void {
  const { method, id: requestId } = request;
  const route = routeOf(request);
  const status = reply.statusCode;
  const durationMs = reply.elapsedTime;
  metrics.observeRequest(method, route, status, durationMs);
  if (status < 400) logger.debug({ requestId, method, route, status, durationMs }, "request answered");
}

/** The route's pattern: what a caller typed stays out of logs and labels. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions?.url ?? "unmatched";
}

/** Without the query, and cut: it goes into answers. */
function pathOf(request: FastifyRequest): string {
  return request.url.split("?", 1)[0]!.slice(0, 200);
}

function requestIdOf(request: IncomingMessage): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && acceptableRequestId.test(given) ? given : randomUUID();
}
