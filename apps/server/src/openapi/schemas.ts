/** What the routes take and answer, as references to the document's components. */
import { type JsonSchema, reference } from "./json-schema.ts";

const either = (one: string, many: string): JsonSchema => ({ oneOf: [reference(one), reference(many)] });

/** Body of `POST /v1/recommend`: one request, or many of them under `requests`. */
export const recommendBody = either("RecommendRequest", "RecommendRequests");
export const slates = either("Recommendation", "Recommendations");

/** Body of `POST /v1/predict`. */
export const predictBody = either("PredictRequest", "PredictRequests");
export const predictions = either("Prediction", "Predictions");

export const modelSchema = reference("Model");
export const itemsSchema = reference("Items");
export const readinessSchema = reference("Readiness");
export const failureSchema = reference("Failure");

/** Bodies for the page at `/docs`. Any model answers them: its catalogue need not have the ids, nor its rows the columns. */
export const bodyExamples: Readonly<Record<string, readonly unknown[]>> = {
  recommend: [
    { history: ["1", { item: "50", weight: 2 }], exclude: ["7"], k: 5 },
    { requests: [{ history: ["1"], k: 3 }, { history: [] }] },
  ],
  predict: [{ inputs: {} }, { requests: [{ inputs: {} }, { inputs: {} }] }],
};
