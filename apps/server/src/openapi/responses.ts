/** The failure answers of a route, for the OpenAPI document: which codes come with which status. */
import { answeredCodes } from "../failures/failure.ts";
import type { JsonSchema } from "./json-schema.ts";
import { failureSchema } from "./schemas.ts";

const retryAfter = {
  "retry-after": { type: "integer", minimum: 0, description: "Seconds until it is worth asking again." },
};

/** Headers that come with a status. */
const headersOf: Readonly<Record<number, JsonSchema>> = {
  405: { allow: { type: "string", description: "The methods that the path takes." } },
  429: retryAfter,
  503: retryAfter,
};

/** Every route of a model may be closed to the caller, or be busy. */
export const modelStatuses = [400, 401, 403, 404, 429, 500, 503] as const;

/** Where a body is read as well. */
export const askStatuses = [...modelStatuses, 405, 413, 415] as const;

/** @param statuses - those this route can answer with. */
export function failureResponses(...statuses: readonly number[]): Record<number, JsonSchema> {
  const codes = answeredCodes();
  return Object.fromEntries(
    statuses.map((status) => {
      const headers = headersOf[status];
      const description = (codes.get(status) ?? []).join(", ");
      return [status, { description, ...(headers && { headers }), ...failureSchema }];
    }),
  );
}
