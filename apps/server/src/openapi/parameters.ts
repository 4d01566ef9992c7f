/** Query parameters and headers that routes read, and headers that their answers carry. */
import type { JsonSchema } from "./json-schema.ts";

const model = {
  type: "string",
  description: "An alias or the name of a model; without it the server's default answers.",
};

/** Of every route that a model answers. */
export const modelQuery: JsonSchema = { type: "object", properties: { model } };

/** Of `GET /v1/items`. */
export const itemsQuery: JsonSchema = {
  type: "object",
  properties: {
    query: { type: "string", maxLength: 200, description: "Every word must occur in the title." },
    limit: {
      type: "integer",
      minimum: 1,
      maximum: 200,
      default: 20,
      description: "At most this many items of a search.",
    },
    ids: {
      type: "array",
      maxItems: 200,
      items: { type: "string", pattern: "^[^,]*(,[^,]*){0,199}$" },
      description:
        "These items, in this order: ids=a&ids=b, or once as ids=a,b. With query: a search among them.",
    },
    model,
  },
};

const routingKey = {
  type: "string",
  minLength: 1,
  maxLength: 256,
  description:
    "Decides between the versions of an alias that splits traffic: the same key, the same version.",
};

/** Of a route that looks something up. */
export const lookUpHeaders: JsonSchema = { type: "object", properties: { "x-routing-key": routingKey } };

/** Of a route that runs the model. */
export const askHeaders: JsonSchema = {
  type: "object",
  properties: {
    "x-routing-key": routingKey,
    "x-request-timeout-ms": {
      type: "integer",
      minimum: 1,
      maximum: 600_000,
      description: "A request that would be answered later is refused with 503 instead. Milliseconds.",
    },
  },
};

/** On every answer that a model gave. */
export const servedByHeaders: JsonSchema = {
  "x-attune-model": {
    type: "string",
    pattern: "^.+/[1-9][0-9]*$",
    description: "Name and version that answered.",
  },
};
