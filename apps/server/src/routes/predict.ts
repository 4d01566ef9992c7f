/** `POST /v1/predict`: one row of raw columns in, one answer out; `{ requests }` in, `{ results }` out. */
import type { FastifyInstance } from "fastify";
import { failureResponses } from "../openapi/responses.ts";
import { predictBody, predictions } from "../openapi/schemas.ts";
import { answerBody, maxRequestsPerBody } from "./one-or-many.ts";
import { noSuchRoute, type RouteContext } from "./route-context.ts";

const path = "/v1/predict";

export function addPredictRoute(app: FastifyInstance, { service, metrics }: RouteContext): void {
  app.post(
    path,
    {
      schema: {
        operationId: "predict",
        summary: "Predict for one row of columns, or for many",
        description:
          "For models of the tasks classify, regress and hierarchical; with others it is 404. " +
          "Send { inputs: { column: value } } and get one answer, or send { requests: [{ inputs }] } and get { results: [...] } in the same order; " +
          `at most ${maxRequestsPerBody} requests in one body. ` +
          "Columns and their kinds are manifest.inputs of GET /v1/model: a number for number, a text for category and text, a list of texts for set. " +
          "null or a column left out is missing; a value the model never saw is unknown, never an error; another column is refused by name.",
        tags: ["ask"],
        body: predictBody,
        response: {
          200: { description: "One answer, or many", ...predictions },
          ...failureResponses(400, 404, 405, 413, 415, 500, 503),
        },
      },
    },
    ({ body }) => {
      const { queue } = service();
      if (queue.kind !== "predict") throw noSuchRoute("POST", path);
      return answerBody(body, {
        check: queue.check,
        async ask(request: Parameters<typeof queue.ask>[0]) {
          const prediction = await queue.ask(request);
          metrics.observePrediction();
          return prediction;
        },
      });
    },
  );
}
