/** `POST /v1/recommend`: one request object in, one slate out; `{ requests }` in, `{ results }` out. */
import { AttuneError, type Recommendation, type RecommendRequest } from "@attune/contracts";
import { checkRequest, type RequestLimits } from "@attune/runtime";
import type { FastifyInstance } from "fastify";
import { failureResponses } from "../openapi/responses.ts";
import { oneOrMany, recommendBody } from "../openapi/schemas.ts";
import type { RouteContext, Service } from "./route-context.ts";

/** Requests in one body. More belong in several calls: they would only wait for each other. */
export const maxRequestsPerBody = 256;

/** Problems in one answer. A hostile body could hold hundreds of thousands, and nobody reads them. */
const maxIssues = 50;

export function addRecommendRoute(app: FastifyInstance, context: RouteContext): void {
  app.post(
    "/v1/recommend",
    {
      schema: {
        operationId: "recommend",
        summary: "Recommend items for one user, or for many",
        description:
          "Send one request object and get one slate, or send { requests: [...] } and get { results: [...] } in the same order. " +
          `Limits of k and of the lists are those of GET /v1/model; at most ${maxRequestsPerBody} requests in one body. ` +
          "Unknown ids are counted, never an error; without any known id the answer is by popularity and says source: fallback.",
        tags: ["recommend"],
        body: recommendBody,
        response: {
          200: { description: "One slate, or many", ...oneOrMany },
          ...failureResponses(400, 405, 413, 415, 500, 503),
        },
      },
    },
    async (request) => {
      const service = context.service();
      const { body } = request;
      if (isMany(body)) {
        const requests = checkMany(body, service.manifest.limits);
        return { results: await Promise.all(requests.map((one) => answer(service, one))) };
      }
      return answer(service, checkOne(body, service.manifest.limits));
    },
  );

  async function answer(service: Service, request: RecommendRequest): Promise<Recommendation> {
    const recommendation = await service.recommend(request);
    context.metrics.observeAnswer(recommendation);
    return recommendation;
  }
}

function isMany(body: unknown): body is Record<"requests", unknown> {
  return typeof body === "object" && body !== null && Object.hasOwn(body, "requests");
}

function checkOne(body: unknown, limits: RequestLimits): RecommendRequest {
  if (body === undefined || body === null) {
    throw new AttuneError("SERVER_BODY_INVALID", {
      reason: body === null ? "expected an object, found null" : "it is empty",
    });
  }
  const issues: string[] = [];
  checkRequest(body, limits, "", issues);
  if (issues.length > 0) refuse(issues);
  return body as RecommendRequest;
}

function checkMany(body: Record<"requests", unknown>, limits: RequestLimits): readonly RecommendRequest[] {
  const { requests } = body;
  const issues = Object.keys(body)
    .filter((key) => key !== "requests")
    .map((key) => `${key.slice(0, 60)}: unknown beside requests; put it into each request`);
  if (!Array.isArray(requests)) {
    issues.push("requests: expected a list of requests");
  } else if (requests.length === 0 || requests.length > maxRequestsPerBody) {
    issues.push(`requests: expected 1 to ${maxRequestsPerBody} requests, got ${requests.length}`);
  } else {
    for (const [index, one] of requests.entries()) {
      checkRequest(one, limits, `requests[${index}].`, issues);
      if (issues.length > maxIssues) break;
    }
  }
  if (issues.length > 0) refuse(issues);
  return requests as readonly RecommendRequest[];
}

function refuse(issues: readonly string[]): never {
  const shown = issues.slice(0, maxIssues);
  if (issues.length > maxIssues) shown.push("… and more; the list stops here");
  throw new AttuneError("REQUEST_INVALID", { issues: shown });
}
