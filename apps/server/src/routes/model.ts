/** `GET /v1/model`: which model answers, and the proof that it is the trainer's. */
import type { FastifyInstance } from "fastify";
import { failureResponses } from "../openapi/responses.ts";
import { modelSchema } from "../openapi/schemas.ts";
import type { RouteContext } from "./route-context.ts";

export function addModelRoute(app: FastifyInstance, context: RouteContext): void {
  app.get(
    "/v1/model",
    {
      schema: {
        operationId: "model",
        summary: "The model that answers",
        description:
          "The artifact's manifest (task, inputs, limits, metrics, hyperparameters), the sha256 of model.onnx, and what this process measured on the golden rows at start.",
        tags: ["ask"],
        response: {
          200: { description: "The model", ...modelSchema },
          ...failureResponses(503),
        },
      },
    },
    (_, reply) => {
      const { manifest, sha256, runtime, parity } = context.service();
      return reply.header("cache-control", "no-cache").send({ manifest, sha256, runtime, parity });
    },
  );
}
