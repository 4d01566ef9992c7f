/** The HTTP layer without routes: body parsing, request ids, headers, failures, access log. */
import type { Server as HttpServer } from "node:http";
import type { Socket } from "node:net";
import { isAttuneError } from "@attune/contracts";
import {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
} from "fastify";
import type { Admission } from "../admission/admission.ts";
import { answerClientError, answerConnect } from "../failures/client-error.ts";
import { createRouteTable } from "../failures/route-table.ts";
import type { ServerLogger } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { Tracing } from "../observe/tracing.ts";
import { commonHeaders } from "../security.ts";
import { answerFailure } from "./answer-failure.ts";
import { createFront, type Tls } from "./front.ts";
import { parseJsonBody } from "./json/parse-body.ts";
import { observeRequest, startSpan } from "./observe-request.ts";
import { readBody } from "./read-body.ts";
import { pathOf } from "./request-facts.ts";
import { requestIdOf } from "./request-id.ts";
import { holdUntilSent } from "./request-state.ts";

export interface HttpOptions {
  readonly bodyLimit: number;
  readonly logger: ServerLogger;
  readonly metrics: Metrics;
  /** What a body must pass before it is read and parsed. */
  readonly admission: Admission;
  /** Whether questions to a model are refused before they are read when there is no room for them. */
  readonly shedsEarly: boolean;
  readonly tls?: Tls | undefined;
  readonly tracing: Tracing;
  /** Default 30,000. */
  readonly receiveTimeoutMs?: number | undefined;
}

export const defaultBodyLimit = 1024 * 1024;

export function createHttp(options: HttpOptions): FastifyInstance {
  const { bodyLimit, admission, metrics, tracing, shedsEarly, tls, receiveTimeoutMs = 30_000 } = options;
  const routes = createRouteTable();
  const app = fastify({
    bodyLimit,
    return503OnClosing: false,
    forceCloseConnections: false,
    genReqId: requestIdOf,
    serverFactory: (handler): HttpServer =>
      createFront(handler as never, {
        tls,
        receiveTimeoutMs,
        admission: shedsEarly ? admission : undefined,
        onRefused({ route, reason }) {
          metrics.observeShed(reason);
          metrics.observeRequest({ method: "POST", route, status: 503, durationMs: 0 });
        },
        onDroppedConnection: () => metrics.observeShed("connections"),
      }),
    frameworkErrors: (error, request, reply) => {
      answerFailure(error, request, reply, options);
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, routes),
  });

  app.addHook("onRoute", ({ method, url }) => routes.add(method, url));
  app.server.on("connect", (request, socket) => answerConnect(request.url ?? "", socket as Socket, routes));

  // The schemas are for the document only: the request check is hand-written, and JSON.stringify is as fast
  // as generated code on slates.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));

  app.decorateRequest("servedBy", undefined);
  app.decorateRequest("span", undefined);
  app.decorateRequest("answer", null as never);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", (request: FastifyRequest) => readJson(request, options));

  app.addHook("onRequest", (request, reply, done) => {
    request.answer = reply.raw;
    startSpan(request, reply, tracing);
    reply.headers(commonHeaders).header("x-request-id", request.id);
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    observeRequest(request, reply, options);
    done();
  });

  /** Whatever else is wrong with a request of no route: that is what its caller has to know. */
  function answerNoRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const failure = routes.failureOf(request.method, pathOf(request));
    if (isAttuneError(failure, "SERVER_METHOD")) reply.header("allow", failure.details.allowed.join(", "));
    return answerFailure(failure, request, reply, options);
  }
  app.setErrorHandler((error: FastifyError, request, reply) =>
    request.is404 ? answerNoRoute(request, reply) : answerFailure(error, request, reply, options),
  );
  app.setNotFoundHandler(answerNoRoute);
  return app;
}

/** Reads and parses a body in its turn; its bytes count until the answer is sent. */
async function readJson(
  request: FastifyRequest,
  { admission, bodyLimit, metrics }: HttpOptions,
): Promise<unknown> {
  const call = admission.callOf(request);
  const { budget } = admission;
  const onShed = () => metrics.observeShed("bytes");
  const { bytes, heldBytes } = await readBody(request.raw, { limit: bodyLimit, budget, onShed });
  holdUntilSent(request, budget, heldBytes);
  return admission.parse(bytes.byteLength, () => parseJsonBody(bytes), call);
}
