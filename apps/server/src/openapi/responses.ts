/** The failure answers of a route, for the OpenAPI document: which codes come with which status. */
import { answeredCodes } from "../failures/failure.ts";
import { failureSchema } from "./schemas.ts";

/** @param statuses - those this route can answer with. */
export function failureResponses(...statuses: readonly number[]): Record<number, unknown> {
  const codes = answeredCodes();
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: (codes.get(status) ?? []).join(", "), ...failureSchema },
    ]),
  );
}
