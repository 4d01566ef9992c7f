/**
 * Answers a failure in the API's one shape, or below `/v2` in that of the Open Inference Protocol, and says in the log what
 * belongs there.
 */
import { isAttuneError } from "@attune/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { toFailure } from "../failures/failure.ts";
import type { ServerLogger } from "../observe/log.ts";
import { commonHeaders } from "../security.ts";
import { pathOf, routeOf, traceOf } from "./request-facts.ts";

export function answerFailure(
  cause: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { bodyLimit, logger }: { readonly bodyLimit: number; readonly logger: ServerLogger },
): FastifyReply {
  const context = {
    requestId: request.id,
    method: request.method,
    path: pathOf(request),
    contentType: request.headers["content-type"]?.slice(0, 100),
    bodyLimit,
  };
  const { status, body, internal } = toFailure(cause, context);
  const fields = {
    requestId: request.id,
    ...traceOf(request),
    method: request.method,
    route: routeOf(request),
    status,
  };
  // Not a line for each that is shed: the log would be the next thing to be overloaded. The metrics count them.
  if (status === 429 || (status === 503 && !isAttuneError(cause, "SERVER_NOT_READY")))
    logger.debug({ ...fields, code: body.error.code }, "request shed");
  else if (internal === undefined) logger.info({ ...fields, code: body.error.code }, "request refused");
  else logger.error({ ...fields, err: internal }, "request failed");
  if (status === 503) reply.header("retry-after", String(retryAfterOf(cause)));
  reply
    .status(status)
    .headers(commonHeaders)
    .header("x-request-id", request.id)
    .header("x-attune-error", body.error.code)
    .serializer(JSON.stringify);
  // Without a charset: the KServe client shows the message only for exactly this type.
  if (isOfProtocol(context.path)) return reply.type("application/json").send({ error: body.error.message });
  return reply.type("application/json; charset=utf-8").send(body);
}

const isOfProtocol = (path: string) => path === "/v2" || path.startsWith("/v2/");

/** Seconds, where the failure knows. */
function retryAfterOf(cause: unknown): number {
  return isAttuneError(cause, "SERVER_OVERLOADED") ? cause.details.retryAfterSeconds : 1;
}
