/** Bodies of the routes that ask the model: one request, or `{ requests }` with many; checked before any of them runs. */
import { AttuneError } from "@attune/contracts";
import type { RequestCheck } from "@attune/runtime";

/** Requests in one body. More belong in several calls: they would only wait for each other. */
export const maxRequestsPerBody = 256;

/** Problems in one answer. A hostile body could hold hundreds of thousands, and nobody reads them. */
const maxIssues = 50;

/** The requests of a body, checked, and whether it was one request or a list of them. */
export interface AskedBody<Request> {
  readonly requests: readonly Request[];
  readonly isMany: boolean;
}

/** @throws {AttuneError} `SERVER_BODY_INVALID`, `REQUEST_INVALID` with the first fifty problems. */
export function checkBody<Request>(body: unknown, check: RequestCheck): AskedBody<Request> {
  if (isMany(body)) return { requests: checkMany<Request>(body, check), isMany: true };
  return { requests: [checkOne<Request>(body, check)], isMany: false };
}

function isMany(body: unknown): body is Record<"requests", unknown> {
  return typeof body === "object" && body !== null && Object.hasOwn(body, "requests");
}

function checkOne<Request>(body: unknown, check: RequestCheck): Request {
  if (body === undefined || body === null) {
    throw new AttuneError("SERVER_BODY_INVALID", {
      reason: body === null ? "expected an object, found null" : "it is empty",
    });
  }
  const issues: string[] = [];
  check(body, "", issues);
  if (issues.length > 0) refuse(issues);
  return body as Request;
}

function checkMany<Request>(body: Record<"requests", unknown>, check: RequestCheck): readonly Request[] {
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
      check(one, `requests[${index}].`, issues);
      if (issues.length > maxIssues) break;
    }
  }
  if (issues.length > 0) refuse(issues);
  return requests as readonly Request[];
}

function refuse(issues: readonly string[]): never {
  const shown = issues.slice(0, maxIssues);
  if (issues.length > maxIssues) shown.push("… and more; the list stops here");
  throw new AttuneError("REQUEST_INVALID", { issues: shown });
}
