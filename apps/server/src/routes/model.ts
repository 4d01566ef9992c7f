/** `GET /v1/model`: which model answers, and the proof that it is the trainer's. */
import type { FastifyInstance } from "fastify";
import { lookUpHeaders, modelQuery, servedByHeaders } from "../openapi/parameters.ts";
import { failureResponses, modelStatuses } from "../openapi/responses.ts";
import { modelSchema } from "../openapi/schemas.ts";
import { type RouteContext, withVersion } from "./route-context.ts";

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
        querystring: modelQuery,
        headers: lookUpHeaders,
        response: {
          200: { description: "The model", headers: servedByHeaders, ...modelSchema },
          ...failureResponses(...modelStatuses),
        },
      },
    },
    (request, reply) =>
      withVersion(context.models, request, reply, ({ manifest, sha256, runtime, parity }) =>
        reply.header("cache-control", "no-cache").send({ manifest, sha256, runtime, parity }),
      ),
  );
}
