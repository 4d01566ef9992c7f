/** What a request leaves behind: its figures, its log line, its trace. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServerLogger } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { Tracing } from "../observe/tracing.ts";
import { routeOf, traceOf } from "./request-facts.ts";

/** When the answer is sent. */
export function observeRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  { metrics, logger }: { readonly metrics: Metrics; readonly logger: ServerLogger },
): void {
  const { method, id: requestId } = request;
  const route = routeOf(request);
  const status = reply.statusCode;
  const durationMs = reply.elapsedTime;
  const { servedBy } = request;
  const model = servedBy && { model: servedBy.name, version: servedBy.version };
  metrics.observeRequest({ method, route, status, durationMs, model });
  if (status < 400)
    logger.debug({ requestId, ...traceOf(request), method, route, status, durationMs }, "request answered");
}

/** Begins the trace of a request; it ends with the answer, or with the connection. */
export function startSpan(request: FastifyRequest, reply: FastifyReply, tracing: Tracing): void {
  const { method, protocol: scheme } = request;
  const span = tracing.startRequest(request.headers, { method, route: routeOf(request), scheme });
  if (span === undefined) return;
  request.span = span;
  reply.header("traceparent", span.traceparent);
  reply.raw.once("close", () => {
    const { servedBy, id } = request;
    span.end(reply.raw.statusCode, {
      "attune.request_id": id,
      ...(servedBy !== undefined && { "attune.model": servedBy.name, "attune.version": servedBy.version }),
    });
  });
}
