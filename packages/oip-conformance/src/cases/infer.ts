/** Infer requests in JSON that must be answered. */
import { isJsonType, matches, succeeds } from "../expectations/answers.ts";
import { type Expectation, onEach } from "../expectations/expectation.ts";
import {
  hasGoodOutputs,
  hasGoodValues,
  hasGoodValuesTwice,
  hasOutputs,
  isAnswered,
  matchesMetadata,
  matchesShapes,
  responseOf,
} from "../expectations/infer-answers.ts";
import { nest } from "../protocol/tensor.ts";
import type { InferFacts, ModelFacts } from "../subject/facts.ts";
import { modelPath } from "../subject/facts.ts";
import { casesOf } from "./case.ts";
import { spec } from "./documents.ts";
import {
  batchAxis,
  listedVersions,
  nestedInput,
  readableMetadata,
  requestToTry,
  severalOutputs,
} from "./needs.ts";
import { altered, infer, post } from "./requests.ts";

/** As the same tensors gave before. */
const asBefore = [...isAnswered, hasGoodOutputs, hasGoodValues];

const id = 'oip "42" ✓ é';

const echoesId = onEach("the id of the request", (answer) => {
  const got = responseOf(answer).id;
  return got === id ? undefined : `the id is ${got === undefined ? "absent" : JSON.stringify(got)}`;
});

/** A request that a person says is good is held to that; a made one may be refused, if it is refused well. */
const answersTried: Expectation<ModelFacts> = {
  says: "an answer as the schema inference_response says, or, to a made request, a refusal as error_response says",
  check: (answers, facts) => {
    const refused = answers[0]!.status !== 200 && facts.tried?.source === "generated";
    const wanted = refused ? [matches("error_response")] : [succeeds, matches("inference_response")];
    const problems = wanted.map((one) => one.check(answers, facts));
    return problems.find((problem) => problem !== undefined);
  },
};

export const inferCases = [
  ...casesOf("infer", "model", [
    {
      id: "infer.answers",
      level: "must",
      title: "A request of the model's own tensors is answered as the schema says",
      spec: spec("yaml", "inference_response"),
      says: "model_name and outputs are required; an output has name, shape, datatype and data.",
      needs: [requestToTry],
      send: (facts) => infer(facts, facts.tried!.request),
      expect: [answersTried],
    },
  ]),
  ...casesOf("infer", "infer", [
    {
      id: "infer.model-name",
      level: "should",
      title: "model_name is the model that was asked",
      spec: spec("text", "Inference Response JSON Object"),
      says: "model_name: the name of the model used for inference.",
      note: "A warning only: the name that was asked may stand for another model's.",
      send: (facts) => infer(facts, facts.good.request),
      expect: [
        ...isAnswered,
        onEach<InferFacts>("model_name as in the path", (answer, { model }) => {
          const { model_name } = responseOf(answer);
          return model_name === model.name ? undefined : `model_name is ${model_name}`;
        }),
      ],
    },
    {
      id: "infer.id-echo",
      level: "must",
      title: "The id of the request comes back",
      spec: spec("text", "Inference Request JSON Object"),
      says: "id: optional, but if specified this identifier must be returned in the response.",
      send: (facts) => infer(facts, altered(facts, { id })),
      expect: [...isAnswered, echoesId],
    },
    {
      id: "infer.tensors",
      level: "must",
      title: "Outputs have the names, datatypes and shapes of the metadata",
      spec: spec("text", "Model Metadata Response JSON Object"),
      says: "outputs: the outputs produced by the model, each with name, datatype and shape.",
      needs: [readableMetadata],
      send: (facts) => infer(facts, facts.good.request),
      expect: [...isAnswered, matchesMetadata],
    },
    {
      id: "infer.shape-data",
      level: "must",
      title: "data has the elements that shape says",
      spec: spec("required", "Tensor Data"),
      says: "The contents are the row-major elements of the tensor, without stride or padding.",
      send: (facts) => infer(facts, facts.good.request),
      expect: [...isAnswered, matchesShapes],
    },
    {
      id: "infer.version",
      level: "must",
      title: "A version in the path is the version that answers",
      spec: spec("text", "Inference Response JSON Object"),
      says: "model_version: the specific model version used for inference.",
      needs: [listedVersions],
      send: ({ model, good }) => {
        const version = model.version ?? model.metadata!.versions!.at(-1)!;
        return post(`${modelPath(model.name, version)}/infer`, good.request);
      },
      expect: [
        ...isAnswered,
        onEach<InferFacts>("model_version as in the path, where there is one", (answer, { model }) => {
          const { model_version } = responseOf(answer);
          const wanted = model.version ?? model.metadata!.versions!.at(-1);
          if (model_version === undefined || model_version === wanted) return undefined;
          return `asked for ${wanted}, model_version is ${model_version}`;
        }),
      ],
    },
    {
      id: "infer.chosen-output",
      level: "must",
      title: "Only the outputs that were asked for come",
      spec: spec("text", "Inference Request JSON Object"),
      says: "outputs: the output tensors requested for this inference; if not specified all will be returned.",
      needs: [severalOutputs],
      send: (facts) => infer(facts, altered(facts, { outputs: [{ name: lastOutput(facts) }] })),
      expect: [
        ...isAnswered,
        hasOutputs("the one output that was asked for", (facts) => [lastOutput(facts)]),
      ],
    },
    {
      id: "infer.named-output",
      level: "must",
      title: "An output asked for by name comes",
      spec: spec("text", "Inference Request Examples"),
      says: "For the above request the inference server must return the output tensor that it names.",
      send: (facts) => infer(facts, altered(facts, { outputs: namedOutputs(facts) })),
      expect: [...isAnswered, hasGoodOutputs],
    },
    {
      id: "infer.output-order",
      level: "may",
      title: "Outputs come in the order in which they were asked for",
      spec: spec("text", "Inference Request JSON Object"),
      says: "Nothing; clients find outputs by name, yet people read them in order.",
      needs: [severalOutputs],
      send: (facts) => infer(facts, altered(facts, { outputs: namedOutputs(facts).reverse() })),
      expect: [
        ...isAnswered,
        hasOutputs("the order of the request", (facts) =>
          namedOutputs(facts)
            .map(({ name }) => name)
            .reverse(),
        ),
      ],
    },
    {
      id: "infer.nested-data",
      level: "must",
      title: "data may be nested as the shape is",
      spec: spec("yaml", "tensor_data"),
      says: "tensor_data is a list of elements, or of tensor_data.",
      needs: [nestedInput],
      send: (facts) => {
        const { inputs } = facts.good.request;
        const nested = inputs.map((input) => ({ ...input, data: nest(input.data!, input.shape) }));
        return infer(facts, altered(facts, { inputs: nested }));
      },
      expect: asBefore,
    },
    {
      id: "infer.member-order",
      level: "must",
      title: "The order of an object's members does not matter",
      spec: spec("json", "section 1, Introduction"),
      says: "An object is an unordered collection of zero or more name/value pairs.",
      send: (facts) => infer(facts, backwards(facts.good.request)),
      expect: asBefore,
    },
    {
      id: "infer.empty-parameters",
      level: "must",
      title: "parameters may be there and empty",
      spec: spec("text", "Inference Request JSON Object"),
      says: "parameters: an object containing zero or more parameters, of the request and of each input.",
      send: (facts) => {
        const inputs = facts.good.request.inputs.map((input) => ({ parameters: {}, ...input }));
        return infer(facts, { parameters: {}, ...altered(facts, { inputs }) });
      },
      expect: asBefore,
    },
    {
      id: "infer.extra-member",
      level: "should",
      title: "Members that it does not know are passed over",
      spec: spec("binary", "Examples"),
      says: "The examples send model_name in the body, which the schema does not have.",
      send: (facts) => infer(facts, altered(facts, { model_name: facts.model.name })),
      expect: asBefore,
    },
    {
      id: "infer.batch",
      level: "should",
      title: "Two rows in give two rows out, each what it gives alone",
      spec: spec("text", "Request Input"),
      says: "If the input is batched, the shape and data must represent the full shape and contents of the entire batch.",
      needs: [batchAxis],
      send: (facts) => infer(facts, altered(facts, { inputs: twoRows(facts) })),
      expect: [
        ...isAnswered,
        matchesShapes,
        onEach("outputs of two rows", (answer) => {
          const wrong = responseOf(answer).outputs.find(({ shape }) => shape[0] !== 2);
          return wrong && `${wrong.name} has the shape [${wrong.shape.join(", ")}]`;
        }),
        hasGoodValuesTwice,
      ],
    },
    {
      id: "infer.content-type",
      level: "should",
      title: "The answer comes as application/json",
      spec: spec("yaml", "/v2/models/{MODEL_NAME}/versions/{MODEL_VERSION}/infer"),
      says: "The content of 200 is application/json.",
      send: (facts) => infer(facts, facts.good.request),
      expect: [...isAnswered, isJsonType],
    },
  ]),
];

function namedOutputs({ good }: InferFacts): { name: string }[] {
  return good.response.outputs.map(({ name }) => ({ name }));
}

function lastOutput({ good }: InferFacts): string {
  return good.response.outputs.at(-1)!.name;
}

function twoRows({ good }: InferFacts) {
  return good.request.inputs.map((input) => ({
    ...input,
    shape: [2, ...input.shape.slice(1)],
    data: [...input.data!, ...input.data!],
  }));
}

/** The same value with the members of every object in the other order. */
function backwards(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(backwards);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([name, one]) => [name, backwards(one)]);
  return Object.fromEntries(entries.reverse());
}
