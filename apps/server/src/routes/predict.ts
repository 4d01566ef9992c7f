/** `POST /v1/predict`: one row of raw columns in, one answer out; `{ requests }` in, `{ results }` out. */
import type { FastifyInstance } from "fastify";
import { askHeaders, modelQuery, servedByHeaders } from "../openapi/parameters.ts";
import { askStatuses, failureResponses } from "../openapi/responses.ts";
import { predictBody, predictions } from "../openapi/schemas.ts";
import { answerBody, isPredictTask } from "./ask.ts";
import { maxRequestsPerBody } from "./one-or-many.ts";
import type { RouteContext } from "./route-context.ts";

const path = "/v1/predict";

export function addPredictRoute(app: FastifyInstance, context: RouteContext): void {
  const { metrics } = context;
  app.post(
    path,
    {
      config: { group: "inference" },
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
        querystring: modelQuery,
        headers: askHeaders,
        body: predictBody,
        response: {
          200: { description: "One answer, or many", headers: servedByHeaders, ...predictions },
          ...failureResponses(...askStatuses),
        },
      },
    },
    (request, reply) =>
      answerBody(context, request, reply, {
        path,
        answersTask: isPredictTask,
        observe: ({ name, version }) => metrics.observePrediction({ model: name, version }),
      }),
  );
}
