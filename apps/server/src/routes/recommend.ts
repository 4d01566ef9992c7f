/** `POST /v1/recommend`: one request object in, one slate out; `{ requests }` in, `{ results }` out. */
import type { Recommendation } from "@attune/contracts";
import type { FastifyInstance } from "fastify";
import { askHeaders, modelQuery, servedByHeaders } from "../openapi/parameters.ts";
import { askStatuses, failureResponses } from "../openapi/responses.ts";
import { recommendBody, slates } from "../openapi/schemas.ts";
import { answerBody } from "./ask.ts";
import { maxRequestsPerBody } from "./one-or-many.ts";
import type { RouteContext } from "./route-context.ts";

const path = "/v1/recommend";

export function addRecommendRoute(app: FastifyInstance, context: RouteContext): void {
  const { metrics } = context;
  app.post(
    path,
    {
      config: { group: "inference" },
      schema: {
        operationId: "recommend",
        summary: "Recommend items for one user, or for many",
        description:
          "For models of the task recommend; with others it is 404. " +
          "Send one request object and get one slate, or send { requests: [...] } and get { results: [...] } in the same order. " +
          `Limits of k and of the lists are those of GET /v1/model; at most ${maxRequestsPerBody} requests in one body. ` +
          "History is in the order it happened; features are the columns that the manifest's inputs name. " +
          "Unknown ids are counted, never an error; without any known id the answer is by popularity and says source: fallback.",
        tags: ["ask"],
        querystring: modelQuery,
        headers: askHeaders,
        body: recommendBody,
        response: {
          200: { description: "One slate, or many", headers: servedByHeaders, ...slates },
          ...failureResponses(...askStatuses),
        },
      },
    },
    (request, reply) =>
      answerBody(context, request, reply, {
        path,
        answersTask: (task) => task === "recommend",
        observe({ name, version }, answer) {
          metrics.observeAnswer({ model: name, version }, answer as Recommendation);
        },
      }),
  );
}
