/** What the server says of a model and of its versions. */
import { isRefused, matches, succeeds } from "../expectations/answers.ts";
import { type Expectation, onEach } from "../expectations/expectation.ts";
import { knownDatatypes } from "../protocol/datatypes.ts";
import { readJson } from "../protocol/infer-message.ts";
import type { ModelMetadata, TensorMetadata } from "../protocol/tensor.ts";
import type { ModelFacts } from "../subject/facts.ts";
import { modelPath, unknownName, unknownVersion } from "../subject/facts.ts";
import { casesOf } from "./case.ts";
import { spec } from "./documents.ts";
import { listedVersions } from "./needs.ts";
import { get } from "./requests.ts";

const isMetadata = [succeeds, matches("metadata_model_response")];

/** Every tensor of the metadata, inputs first. */
function onTensors(
  says: string,
  problemOf: (tensor: TensorMetadata) => string | undefined,
): Expectation<ModelFacts> {
  return onEach(says, (answer) => {
    const { inputs = [], outputs = [] } = readJson(answer) as ModelMetadata;
    const found = [...inputs, ...outputs]
      .map((one) => [one.name, problemOf(one)])
      .find(([, problem]) => problem);
    return found && `${found[0]}: ${found[1]}`;
  });
}

const hasName = onEach<ModelFacts>("the name that was asked for", (answer, { model }) => {
  const { name } = readJson(answer) as ModelMetadata;
  return name === model.name ? undefined : `the name is ${name}`;
});

export const modelMetadataCases = [
  ...casesOf("model", "model", [
    {
      id: "model.metadata",
      level: "must",
      title: "GET /v2/models/M gives name and platform, and tensors as the schema has them",
      spec: spec("yaml", "metadata_model_response"),
      says: "name and platform are required; a tensor has name, datatype and shape.",
      send: ({ model }) => get(model.path),
      expect: [...isMetadata, hasName],
    },
    {
      id: "model.tensors",
      level: "should",
      title: "The metadata lists inputs and outputs",
      spec: spec("text", "Model Metadata Response JSON Object"),
      says: "inputs: the inputs required by the model; outputs: the outputs produced by it.",
      note: "Optional in the yaml, required in inference_rest.md and by the KServe client.",
      send: ({ model }) => get(model.path),
      expect: [
        ...isMetadata,
        onEach("inputs and outputs", (answer) => {
          const { inputs, outputs } = readJson(answer) as ModelMetadata;
          if (inputs === undefined) return "inputs are absent";
          return outputs === undefined ? "outputs are absent" : undefined;
        }),
      ],
    },
    {
      id: "model.datatypes",
      level: "must",
      title: "Datatypes are those of the table",
      spec: spec("required", "Tensor Data Types"),
      says: "BOOL, UINT8 to UINT64, INT8 to INT64, FP16, FP32, FP64, BYTES, in capitals.",
      note: "Triton's BF16 passes.",
      send: ({ model }) => get(model.path),
      expect: [
        ...isMetadata,
        onTensors("datatypes of the table", ({ datatype }) =>
          knownDatatypes.includes(datatype) ? undefined : `the datatype ${datatype} is not in the table`,
        ),
      ],
    },
    {
      id: "model.shapes",
      level: "must",
      title: "Sizes in shapes are −1 where they are free, else from 0",
      spec: spec("text", "Model Metadata Response JSON Object"),
      says: "Variable-size dimensions are specified as -1.",
      send: ({ model }) => get(model.path),
      expect: [
        ...isMetadata,
        onTensors("sizes from 0, or -1", ({ shape }) =>
          shape.every((dim) => dim >= -1) ? undefined : `the shape is [${shape.join(", ")}]`,
        ),
      ],
    },
    {
      id: "model.unique-names",
      level: "should",
      title: "No two inputs and no two outputs have one name",
      spec: spec("text", "Model Metadata Response JSON Object"),
      says: "Requests and answers tell tensors by their names.",
      send: ({ model }) => get(model.path),
      expect: [
        ...isMetadata,
        onEach("names that differ", (answer) => {
          const { inputs = [], outputs = [] } = readJson(answer) as ModelMetadata;
          const twice = [inputs, outputs].flatMap(twiceNamed);
          return twice.length === 0 ? undefined : `${twice[0]} is there twice`;
        }),
      ],
    },
    {
      id: "model.versions",
      level: "must",
      title: "Every version that the metadata lists can be asked for",
      spec: spec("text", "Model Metadata Response JSON Object"),
      says: "versions: the model versions that may be explicitly requested via the appropriate endpoint.",
      needs: [listedVersions],
      send: ({ model }) => model.metadata!.versions!.map((version) => get(modelPath(model.name, version))),
      expect: [...isMetadata, hasName],
    },
    {
      id: "model.unknown-version",
      level: "must",
      title: "A version that is not there is an error",
      spec: spec("text", "Model Metadata Response JSON Error Object"),
      says: "A failed request must be indicated by an HTTP error status (typically 400), with { error } as body.",
      note: "400 and 404 are both in use.",
      needs: [listedVersions],
      send: ({ model }) => get(modelPath(model.name, unknownVersion)),
      expect: isRefused,
    },
  ]),
  ...casesOf("model", "server", [
    {
      id: "model.unknown",
      level: "must",
      title: "A model that is not there is an error",
      spec: spec("text", "Model Metadata Response JSON Error Object"),
      says: "A failed request must be indicated by an HTTP error status (typically 400), with { error } as body.",
      note: "400 (the text, Triton) and 404 (KServe, MLServer) are both in use.",
      send: () => get(modelPath(unknownName)),
      expect: isRefused,
    },
  ]),
];

function twiceNamed(tensors: readonly TensorMetadata[]): readonly string[] {
  const names = tensors.map(({ name }) => name);
  return names.filter((name, at) => names.indexOf(name) !== at);
}
