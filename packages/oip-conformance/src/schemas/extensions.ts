/**
 * Answers of Triton's extensions as JSON Schema, from the objects in its documents of the protocol.
 *
 * @see https://github.com/triton-inference-server/server/tree/main/docs/protocol
 */
const text = { type: "string" };
const count = { type: "number", minimum: 0 };

const duration = { type: "object", properties: { count, ns: count }, required: ["count", "ns"] };

export const extensions = {
  /** extension_binary_data.md: an output's data is in the JSON or behind it, never both. */
  binary_inference_response: {
    type: "object",
    properties: {
      model_name: text,
      model_version: text,
      id: text,
      parameters: { type: "object" },
      outputs: {
        type: "array",
        items: { anyOf: [{ $ref: "response_output" }, { $ref: "binary_response_output" }] },
      },
    },
    required: ["model_name", "outputs"],
  },

  binary_response_output: {
    type: "object",
    properties: {
      name: text,
      datatype: text,
      shape: { type: "array", items: { type: "integer" } },
      parameters: {
        type: "object",
        properties: { binary_data_size: { type: "integer", minimum: 0 } },
        required: ["binary_data_size"],
      },
      data: false,
    },
    required: ["name", "shape", "datatype", "parameters"],
  },

  /** extension_model_configuration.md: the members hang on the server. */
  model_configuration_response: { type: "object" },

  /** extension_statistics.md */
  stats_model_response: {
    type: "object",
    properties: { model_stats: { type: "array", items: { $ref: "model_stat" } } },
    required: ["model_stats"],
  },

  model_stat: {
    type: "object",
    properties: {
      name: text,
      version: text,
      last_inference: count,
      inference_count: count,
      execution_count: count,
      inference_stats: {
        type: "object",
        properties: {
          success: duration,
          fail: duration,
          queue: duration,
          compute_input: duration,
          compute_infer: duration,
          compute_output: duration,
          cache_hit: duration,
        },
        required: ["success", "fail", "queue", "compute_input", "compute_infer", "compute_output"],
      },
      batch_stats: {
        type: "array",
        items: {
          type: "object",
          properties: {
            batch_size: count,
            compute_input: duration,
            compute_infer: duration,
            compute_output: duration,
          },
          required: ["batch_size", "compute_input", "compute_infer", "compute_output"],
        },
      },
    },
    required: [
      "name",
      "last_inference",
      "inference_count",
      "execution_count",
      "inference_stats",
      "batch_stats",
    ],
  },

  /** extension_model_repository.md; servers leave `reason` out or empty where there is none. */
  repository_index_response: {
    type: "array",
    items: {
      type: "object",
      properties: { name: text, version: text, state: text, reason: text },
      required: ["name"],
    },
  },

  /** KServe's list of models: no part of the protocol, but the simplest way to find out what is served. */
  list_models_response: {
    type: "object",
    properties: { models: { type: "array", items: text } },
    required: ["models"],
  },
};
