/** The schemas of the protocol's own document (open_inference_rest.yaml of the Open Inference Protocol) for answers, as data. */
import { Ajv, type ValidateFunction } from "ajv";

const object = (properties: Readonly<Record<string, object>>, required: readonly string[]) => ({
  type: "object",
  properties,
  required,
});
const list = (items: object) => ({ type: "array", items });
const text = { type: "string" };
const shape = list({ type: "integer" });
const error = object({ error: text }, ["error"]);

const tensorData = {
  $id: "tensor_data",
  type: "array",
  items: { anyOf: [{ $ref: "tensor_data" }, { type: "number" }, { type: "string" }, { type: "boolean" }] },
};
const metadataTensor = object({ name: text, datatype: text, shape }, ["name", "datatype", "shape"]);
const responseOutput = object(
  { name: text, shape, datatype: text, parameters: { type: "object" }, data: { $ref: "tensor_data" } },
  ["name", "shape", "datatype", "data"],
);

const schemas = {
  metadata_server_response: object({ name: text, version: text, extensions: list(text) }, [
    "name",
    "version",
    "extensions",
  ]),
  metadata_model_response: object(
    {
      name: text,
      versions: list(text),
      platform: text,
      inputs: list(metadataTensor),
      outputs: list(metadataTensor),
      properties: { type: "object", additionalProperties: text },
    },
    ["name", "platform"],
  ),
  inference_response: object(
    {
      model_name: text,
      model_version: text,
      id: text,
      parameters: { type: "object" },
      outputs: list(responseOutput),
    },
    ["model_name", "outputs"],
  ),
  inference_error_response: error,
} as const;

export type ProtocolSchema = keyof typeof schemas;

const ajv = new Ajv({ strict: false, allErrors: true, schemas: [tensorData] });
const validators = new Map<ProtocolSchema, ValidateFunction>();

/** What is wrong with an answer, one line each. */
export function protocolProblems(schema: ProtocolSchema, value: unknown): readonly string[] {
  const validate = validators.get(schema) ?? ajv.compile(schemas[schema]);
  validators.set(schema, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message }) => `${instancePath || "(root)"}: ${message}`,
  );
}
