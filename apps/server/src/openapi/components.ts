/** The named schemas of the document. Requests and predictions come from contracts, so they cannot drift from them. */
import {
  classification,
  intervalPrediction,
  predictRequest,
  recommendRequest,
  regression,
} from "@attune/contracts";
import { fromZod, type JsonSchema, object, reference } from "./json-schema.ts";

const text = { type: "string" } as const;
const openObject = { type: "object", additionalProperties: true } as const;

/** `{ requests }`. */
function manyRequests(name: string, description = "Answered in this order."): JsonSchema {
  const requests = { type: "array", minItems: 1, maxItems: 256, items: reference(name) };
  return { ...object({ requests }), description };
}

/** `{ results }`. */
function manyResults(name: string): JsonSchema {
  return {
    ...object({ results: { type: "array", items: reference(name) } }),
    description: "In the order of the requests.",
  };
}

const recommendation = object({
  ids: {
    type: "array",
    items: text,
    description: "Best first; never an id of exclude, nor of history unless manifest.repeats keeps them.",
  },
  scores: {
    type: "array",
    items: { type: "number" },
    description: "Same length as ids; comparable within one slate.",
  },
  source: {
    type: "string",
    enum: ["model", "fallback"],
    description: "fallback: by popularity, for want of any item that the model knows.",
  },
  unknown: { type: "integer", minimum: 0, description: "History entries the model does not know." },
});

const model = object({
  manifest: {
    ...openObject,
    description:
      "manifest.json of the artifact: `task` says which route answers, `inputs` which columns it takes; of recommend, `limits` holds maxK, maxHistory, maxExclude, maxAllow.",
  },
  sha256: { type: "string", pattern: "^[0-9a-f]{64}$", description: "Of model.onnx." },
  runtime: object({ name: text, version: text }),
  parity: {
    ...openObject,
    description: "Largest difference to the trainer on the golden rows, measured at start.",
  },
});

const item = {
  type: "object",
  properties: { id: text, title: text },
  required: ["id", "title"],
  additionalProperties: text,
} as const;

const items = object({
  items: { type: "array", items: reference("Item") },
  unknown: { type: "array", items: text, description: "Asked ids that the table does not have." },
});

const readiness = object(
  {
    state: { type: "string", enum: ["starting", "ready", "failed", "draining"] },
    steps: {
      type: "object",
      additionalProperties: { type: "string", enum: ["pending", "running", "passed", "failed"] },
    },
    reasons: { type: "array", items: text, description: "Why it is not ready; empty when it is." },
    models: {
      type: "object",
      description: "With a repository: each model's versions, and the code of what is wrong with one.",
      additionalProperties: {
        type: "array",
        items: object(
          {
            version: { type: "integer", minimum: 1 },
            state: { type: "string", enum: ["ready", "loading", "unavailable", "retiring"] },
            code: text,
          },
          ["version", "state"],
        ),
      },
    },
  },
  ["state", "steps", "reasons"],
);

const failure = object({
  error: object(
    {
      code: { type: "string", description: "For programs; never renamed." },
      message: { type: "string", description: "For people; says what to do." },
      details: openObject,
      requestId: { type: "string", description: "Also in the x-request-id header and in the log." },
    },
    ["code", "message", "requestId"],
  ),
});

/** With a description for each property that is named. */
function described(schema: JsonSchema, descriptions: Readonly<Record<string, string>>): JsonSchema {
  const properties = Object.entries(schema.properties as Readonly<Record<string, JsonSchema>>);
  const entries = properties.map(([name, property]) => [
    name,
    { description: descriptions[name], ...property },
  ]);
  return { ...schema, properties: Object.fromEntries(entries) };
}

const requestFor = {
  recommend: described(fromZod(recommendRequest), {
    history:
      "In the order it happened, oldest first; repeats are allowed. The default weight is 1; times are epoch seconds.",
    exclude: "Items that are not to be answered.",
    allow: "Rank only these; left out or empty: the whole catalogue.",
    features: "Values by column, as manifest.inputs lists them; what is left out is missing.",
    k: "Items to answer, at most manifest.limits.maxK.",
  }),
  predict: described(fromZod(predictRequest), {
    inputs: "One row: values by column, as manifest.inputs lists them; what is left out is missing.",
  }),
};

const predictions = ["Classification", "Regression", "IntervalPrediction"];

/** Whatever the model; `describeVersion` narrows them to one that is loaded. */
export const components: Readonly<Record<string, JsonSchema>> = {
  RecommendRequest: requestFor.recommend,
  RecommendRequests: manyRequests(
    "RecommendRequest",
    "Answered in this order. The sum of k over all of them is limited as well, to 10,000 unless the server is told otherwise.",
  ),
  Recommendation: recommendation,
  Recommendations: manyResults("Recommendation"),
  PredictRequest: requestFor.predict,
  PredictRequests: manyRequests("PredictRequest"),
  Classification: fromZod(classification),
  Regression: fromZod(regression),
  IntervalPrediction: fromZod(intervalPrediction),
  Prediction: { anyOf: predictions.map(reference) },
  Predictions: manyResults("Prediction"),
  Model: model,
  Item: item,
  Items: items,
  Readiness: readiness,
  Failure: failure,
};
