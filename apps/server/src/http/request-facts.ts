/** What may be said of a request in logs, labels and answers. */
import type { FastifyRequest } from "fastify";
import "./request-state.ts";

/** For the log line, when there is a trace. */
export function traceOf({ span }: FastifyRequest): { readonly traceId?: string } {
  return span === undefined ? {} : { traceId: span.traceId };
}

/** The route's pattern: what a caller typed stays out of logs and labels. */
export function routeOf(request: FastifyRequest): string {
  return request.routeOptions?.url ?? "unmatched";
}

/** Without the query, and cut: it goes into answers. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split("?", 1)[0]!.slice(0, 200);
}
