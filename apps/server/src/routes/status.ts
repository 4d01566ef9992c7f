/** What operators and load balancers ask: alive, ready, metrics. They answer while loading and while draining. */
import type { FastifyInstance } from "fastify";
import type { Readiness } from "../model/readiness.ts";
import type { Metrics } from "../observe/metrics.ts";
import { readinessSchema } from "../openapi/schemas.ts";

const noStore = "no-store";

export function addHealthRoutes(app: FastifyInstance, readiness: Readiness): void {
  app.get(
    "/healthz",
    {
      schema: {
        operationId: "healthz",
        summary: "Alive",
        description: "200 as long as the process answers at all.",
        tags: ["operate"],
        response: {
          200: {
            description: "Alive",
            type: "object",
            properties: { status: { const: "alive" } },
            required: ["status"],
          },
        },
      },
    },
    (_, reply) => reply.header("cache-control", noStore).send({ status: "alive" }),
  );

  app.get(
    "/readyz",
    {
      schema: {
        operationId: "readyz",
        summary: "Ready to answer",
        description:
          "503 until the sha256 of all files, the checker, loading, warm-up and the golden rows have passed, and again while draining.",
        tags: ["operate"],
        response: {
          200: { description: "Ready", ...readinessSchema },
          503: { description: "Not ready, with reasons", ...readinessSchema },
        },
      },
    },
    (_, reply) =>
      reply
        .status(readiness.state === "ready" ? 200 : 503)
        .header("cache-control", noStore)
        .send(readiness.report()),
  );
}

export function addMetricsRoute(app: FastifyInstance, metrics: Metrics): void {
  app.get(
    "/metrics",
    {
      config: { group: "metrics" },
      schema: {
        operationId: "metrics",
        summary: "Prometheus metrics",
        tags: ["operate"],
        response: {
          200: {
            description: "Text exposition format",
            content: { "text/plain": { schema: { type: "string" } } },
          },
        },
      },
    },
    async (_, reply) => {
      reply.header("cache-control", noStore).type(metrics.contentType);
      return reply.send(await metrics.render());
    },
  );
}
