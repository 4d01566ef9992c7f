/**
 * The protocol's own schemas, re-expressed: `components.schemas` of open_inference_rest.yaml (OpenAPI 3.0) as JSON Schema, the
 * bodies of the health endpoints from inference_rest.md, which the yaml leaves out. Names are the source's.
 *
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/open_inference_rest.yaml
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
const text = { type: "string" };
const texts = { type: "array", items: text };
const shape = { type: "array", items: { type: "integer" } };
const parameters = { type: "object" };
const tensorData = { $ref: "tensor_data" };

const tensorFields = { name: text, datatype: text, shape };

export const openInferenceRest = {
  error_response: { type: "object", properties: { error: text }, required: ["error"] },

  metadata_server_response: {
    type: "object",
    properties: { name: text, version: text, extensions: texts },
    required: ["name", "version", "extensions"],
  },

  metadata_model_response: {
    type: "object",
    properties: {
      name: text,
      versions: texts,
      platform: text,
      inputs: { type: "array", items: { $ref: "metadata_tensor" } },
      outputs: { type: "array", items: { $ref: "metadata_tensor" } },
    },
    required: ["name", "platform"],
  },

  metadata_tensor: { type: "object", properties: tensorFields, required: ["name", "datatype", "shape"] },

  tensor_data: {
    type: "array",
    items: { anyOf: [tensorData, { type: "number" }, { type: "string" }, { type: "boolean" }] },
  },

  response_output: {
    type: "object",
    properties: { ...tensorFields, parameters, data: tensorData },
    required: ["name", "shape", "datatype", "data"],
  },

  inference_response: {
    type: "object",
    properties: {
      model_name: text,
      model_version: text,
      id: text,
      parameters,
      outputs: { type: "array", items: { $ref: "response_output" } },
    },
    required: ["model_name", "outputs"],
  },

  ready_model_response: {
    type: "object",
    properties: { name: text, ready: { type: "boolean" } },
    required: ["name", "ready"],
  },

  /** `live` in the text of both server endpoints; `ready` in what KServe's own server answers. */
  health_server_response: {
    type: "object",
    properties: { live: { type: "boolean" }, ready: { type: "boolean" } },
    anyOf: [{ required: ["live"] }, { required: ["ready"] }],
  },
};
