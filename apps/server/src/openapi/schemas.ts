/** JSON Schemas of the HTTP API. Requests and predictions come from the schemas in contracts, so the document cannot drift from them. */
import {
  classification,
  intervalPrediction,
  predictRequest,
  recommendRequest,
  regression,
} from "@attune/contracts";
import { toJSONSchema, type ZodMiniType } from "zod/mini";

type JsonSchema = Readonly<Record<string, unknown>>;

const text = { type: "string" } as const;
const count = { type: "integer", minimum: 0 } as const;

function object(properties: JsonSchema, required: readonly string[] = Object.keys(properties)): JsonSchema {
  return { type: "object", properties, required, additionalProperties: false };
}

function fromZod(schema: ZodMiniType): JsonSchema {
  const { $schema: _, ...rest } = toJSONSchema(schema, {
    // zod bounds integers by what a double holds; the real bound of k is the artifact's.
    override({ jsonSchema }) {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return rest;
}

/** One request, or many of them under `requests`. */
function oneOrManyRequests(one: JsonSchema, examples: readonly unknown[]): JsonSchema {
  const requests = { type: "array", minItems: 1, maxItems: 256, items: one };
  return {
    oneOf: [
      { title: "One request", ...one },
      { title: "Many requests", ...object({ requests }) },
    ],
    examples,
  };
}

/** Body of `POST /v1/recommend`. Examples use ids no catalogue need have: they are answered by popularity. */
export const recommendBody = oneOrManyRequests(fromZod(recommendRequest), [
  { history: ["1", { item: "50", weight: 2 }], exclude: ["7"], k: 5 },
  { requests: [{ history: ["1"], k: 3 }, { history: [] }] },
]);

/** Body of `POST /v1/predict`. Which columns there are is the artifact's; the examples leave all of them missing. */
export const predictBody = oneOrManyRequests(fromZod(predictRequest), [
  { inputs: {} },
  { requests: [{ inputs: {} }, { inputs: {} }] },
]);

const recommendation = object({
  ids: {
    type: "array",
    items: text,
    description: "best first; never an id of exclude, nor of history unless manifest.repeats keeps them",
  },
  scores: {
    type: "array",
    items: { type: "number" },
    description: "same length as ids; comparable within one slate",
  },
  source: { type: "string", enum: ["model", "fallback"] },
  unknown: { ...count, description: "history entries the model does not know" },
});

export const slates: JsonSchema = {
  oneOf: [
    { title: "One slate", ...recommendation },
    { title: "Many slates", ...object({ results: { type: "array", items: recommendation } }) },
  ],
};

const prediction: JsonSchema = {
  anyOf: [
    { title: "classify", ...fromZod(classification) },
    { title: "regress", ...fromZod(regression) },
    { title: "hierarchical", ...fromZod(intervalPrediction) },
  ],
};

export const predictions: JsonSchema = {
  oneOf: [
    { title: "One answer", ...prediction },
    { title: "Many answers", ...object({ results: { type: "array", items: prediction } }) },
  ],
};

export const failureSchema = object({
  error: object(
    {
      code: { type: "string", description: "for programs; never renamed" },
      message: { type: "string", description: "for people; says what to do" },
      details: { type: "object", additionalProperties: true },
      requestId: { type: "string", description: "also in the x-request-id header and in the log" },
    },
    ["code", "message", "requestId"],
  ),
});

export const readinessSchema = object({
  state: { type: "string", enum: ["starting", "ready", "failed", "draining"] },
  steps: {
    type: "object",
    additionalProperties: { type: "string", enum: ["pending", "running", "passed", "failed"] },
  },
  reasons: { type: "array", items: text, description: "why it is not ready; empty when it is" },
});

const openObject = { type: "object", additionalProperties: true } as const;

export const modelSchema = object({
  manifest: {
    ...openObject,
    description:
      "manifest.json of the artifact: `task` says which route answers, `inputs` which columns it takes; of recommend, `limits` holds maxK, maxHistory, maxExclude, maxAllow",
  },
  sha256: { type: "string", pattern: "^[0-9a-f]{64}$" },
  runtime: object({ name: text, version: text }),
  parity: {
    ...openObject,
    description: "largest difference to the trainer on the golden rows, measured at start",
  },
});

const item = {
  type: "object",
  properties: { id: text, title: text },
  required: ["id", "title"],
  additionalProperties: text,
} as const;

export const itemsSchema = object({
  items: { type: "array", items: item },
  unknown: { type: "array", items: text, description: "asked ids that the table does not have" },
});

export const itemsQuery: JsonSchema = {
  type: "object",
  properties: {
    query: { type: "string", maxLength: 200 },
    limit: { type: "integer", minimum: 1, maximum: 200, default: 20 },
    ids: { type: "array", items: text, description: "instead of query" },
  },
};
