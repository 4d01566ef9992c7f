/** `POST /v1/recommend`: one request object in, one slate out; `{ requests }` in, `{ results }` out. */
import type { FastifyInstance } from "fastify";
import { failureResponses } from "../openapi/responses.ts";
import { recommendBody, slates } from "../openapi/schemas.ts";
import { answerBody, maxRequestsPerBody } from "./one-or-many.ts";
import { noSuchRoute, type RouteContext } from "./route-context.ts";

const path = "/v1/recommend";

export function addRecommendRoute(app: FastifyInstance, { service, metrics }: RouteContext): void {
  app.post(
    path,
    {
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
        body: recommendBody,
        response: {
          200: { description: "One slate, or many", ...slates },
          ...failureResponses(400, 404, 405, 413, 415, 500, 503),
        },
      },
    },
    ({ body }) => {
      const { queue } = service();
      if (queue.kind !== "recommend") throw noSuchRoute("POST", path);
      return answerBody(body, {
        check: queue.check,
        async ask(request: Parameters<typeof queue.ask>[0]) {
          const recommendation = await queue.ask(request);
          metrics.observeAnswer(recommendation);
          return recommendation;
        },
      });
    },
  );
}
