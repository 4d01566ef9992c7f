/** A typed client of the scoring server: fetch only, in Node and in the browser. Layer 3; nothing of ours imports it. */

// What is asked and answered
export type {
  Classification,
  IntervalPrediction,
  Item,
  Items,
  Model,
  Prediction,
  PredictRequest,
  Readiness,
  Recommendation,
  RecommendRequest,
  Regression,
} from "./api.ts";
// Client
export { type Client, createClient, type ItemsQuery } from "./client.ts";
// Errors
export { AttuneClientError } from "./error.ts";
// Options
export type { BatchOptions, CallOptions, ClientOptions } from "./options.ts";
