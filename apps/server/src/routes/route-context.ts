/** What every route is given. */
import { AttuneError } from "@attune/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Admission } from "../admission/admission.ts";
import type { Readiness } from "../model/readiness.ts";
import type { Lease, Models, ServedVersion } from "../models/models.ts";
import type { Metrics } from "../observe/metrics.ts";

export interface RouteContext {
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly models: Models;
  readonly admission: Admission;
}

/**
 * Keeps the version open that the request asks for: `?model=` names an alias or a model, and `x-routing-key` decides
 * between the versions of an alias that splits traffic. The answer says which it was in `x-attune-model`.
 *
 * @throws {AttuneError} `SERVER_HEADER_INVALID`, `SERVER_QUERY_INVALID`, `SERVER_MODEL_UNKNOWN`, `SERVER_NOT_READY`.
 */
export function leaseFor(models: Models, request: FastifyRequest, reply: FastifyReply): Lease {
  const lease = models.lease(modelOf(request), { key: routingKeyOf(request) });
  const { name, version } = lease.version;
  request.servedBy = lease.version;
  reply.header("x-attune-model", `${name}/${version}`);
  return lease;
}

/** With a lease for as long as `work` takes. */
export async function withVersion<Result>(
  models: Models,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (version: ServedVersion) => Result | Promise<Result>,
): Promise<Result> {
  const lease = leaseFor(models, request, reply);
  try {
    return await work(lease.version);
  } finally {
    lease.release();
  }
}

function modelOf({ query }: FastifyRequest): string | undefined {
  const { model } = query as { readonly model?: unknown };
  if (model === undefined || typeof model === "string") return model;
  throw new AttuneError("SERVER_QUERY_INVALID", { issues: ["model: expected one name"] });
}

/** Without one, each request is its own: a split is then by chance. */
function routingKeyOf({ headers, id }: FastifyRequest): string {
  const key = headers["x-routing-key"] ?? id;
  if (typeof key === "string" && key.length >= 1 && key.length <= 256) return key;
  throw new AttuneError("SERVER_HEADER_INVALID", { issues: ["x-routing-key: expected 1 to 256 characters"] });
}

/** For a route that this artifact does not have. */
export function noSuchRoute(method: string, path: string): AttuneError {
  return new AttuneError("SERVER_NOT_FOUND", { method, path });
}
