/** The binary tensor extension: bytes in, bytes out, and what decides which. */
import { onEach } from "../expectations/expectation.ts";
import {
  hasGoodOutputs,
  hasGoodValues,
  isAnswered,
  isAnsweredBinary,
  responseOf,
} from "../expectations/infer-answers.ts";
import { encodeElements } from "../protocol/datatypes.ts";
import { lengthHeader } from "../protocol/infer-message.ts";
import type { InferFacts } from "../subject/facts.ts";
import { casesOf } from "./case.ts";
import { spec } from "./documents.ts";
import { advertisesBinary, encodableInputs, oneInput, severalInputs, severalOutputs } from "./needs.ts";
import { altered, infer, inferBinary, inferBytes } from "./requests.ts";

const section = "Binary Tensor Data Extension";
const needs = [advertisesBinary, encodableInputs];

const sameTensors = [hasGoodOutputs, hasGoodValues];

/** Every output is bytes, or none, or those that `isBytes` says. */
function comesAsBytes(says: string, isBytes: (index: number, facts: InferFacts) => boolean) {
  return onEach<InferFacts>(says, (answer, facts) => {
    const { outputs } = responseOf(answer);
    const at = outputs.findIndex(({ data }, index) => (data === undefined) !== isBytes(index, facts));
    if (at < 0) return undefined;
    return `${outputs[at]!.name} comes ${outputs[at]!.data === undefined ? "as bytes" : "as JSON"}`;
  });
}

const allBytes = comesAsBytes("every output as bytes", () => true);
const allJson = comesAsBytes("every output as JSON", () => false);

function outputsWith({ good }: InferFacts, binaryOf: (index: number) => boolean) {
  return good.response.outputs.map(({ name }, index) => ({
    name,
    parameters: { binary_data: binaryOf(index) },
  }));
}

export const binaryCases = casesOf("binary", "infer", [
  {
    id: "binary.inputs",
    level: "must",
    title: "Inputs as bytes are read; outputs come as JSON where nothing asks for bytes",
    spec: spec("binary", section),
    says: "binary_data: true if the output should be returned as binary data and false (or not given) if as JSON.",
    needs,
    send: (facts) => inferBinary(facts, facts.good.request),
    expect: [...isAnswered, allJson, ...sameTensors],
  },
  {
    id: "binary.outputs",
    level: "must",
    title: "binary_data_output gives every output as bytes",
    spec: spec("binary", section),
    says: "binary_data_output: true if all outputs should be returned as binary data.",
    needs,
    send: (facts) => infer(facts, altered(facts, { parameters: { binary_data_output: true } })),
    expect: [...isAnsweredBinary, allBytes, ...sameTensors],
  },
  {
    id: "binary.both",
    level: "must",
    title: "Bytes in and bytes out in one request",
    spec: spec("binary", "Examples"),
    says: "The binary tensor data follows the JSON, in the order of the tensors in it.",
    needs,
    send: (facts) => inferBinary(facts, { ...facts.good.request, parameters: { binary_data_output: true } }),
    expect: [...isAnsweredBinary, allBytes, ...sameTensors],
  },
  {
    id: "binary.no-content-type",
    level: "must",
    title: "Bytes are read without a content type: the header says where the JSON ends",
    spec: spec("tritonClient", "_client.py, infer"),
    says: "The client library sends no content type at all.",
    needs,
    send: (facts) => {
      const message = inferBinary(facts, facts.good.request);
      return { ...message, headers: { [lengthHeader]: message.headers![lengthHeader]! } };
    },
    expect: [...isAnswered, ...sameTensors],
  },
  {
    id: "binary.mixed-inputs",
    level: "must",
    title: "One input as bytes, the others as JSON",
    spec: spec("binary", section),
    says: "binary_data_size is used in an input to indicate that this tensor is communicated as binary data.",
    needs: [...needs, severalInputs],
    send: (facts) => inferBinary(facts, facts.good.request, (_, index) => index === 1),
    expect: [...isAnswered, ...sameTensors],
  },
  {
    id: "binary.output-chosen",
    level: "must",
    title: "binary_data of an output gives that output as bytes",
    spec: spec("binary", section),
    says: "binary_data: bool parameter that is true if the output should be returned as binary data.",
    needs,
    send: (facts) => infer(facts, altered(facts, { outputs: outputsWith(facts, () => true) })),
    expect: [...isAnsweredBinary, allBytes, ...sameTensors],
  },
  {
    id: "binary.output-mixed",
    level: "must",
    title: "One output as bytes, the others as JSON",
    spec: spec("binary", section),
    says: "binary_data is a parameter of each requested output.",
    needs: [...needs, severalOutputs],
    send: (facts) => infer(facts, altered(facts, { outputs: outputsWith(facts, (index) => index === 0) })),
    expect: [
      ...isAnsweredBinary,
      onEach<InferFacts>(
        "bytes for the output that asks for them, JSON for the others",
        (answer, { good }) => {
          const first = good.response.outputs[0]!.name;
          const wrong = responseOf(answer).outputs.find(
            ({ name, data }) => (data === undefined) !== (name === first),
          );
          return wrong && `${wrong.name} comes ${wrong.data === undefined ? "as bytes" : "as JSON"}`;
        },
      ),
      ...sameTensors,
    ],
  },
  {
    id: "binary.output-overrides",
    level: "must",
    title: "binary_data: false of an output wins over binary_data_output: true",
    spec: spec("binary", section),
    says: 'If "binary_data" is specified on an output it overrides this setting.',
    needs,
    send: (facts) =>
      infer(
        facts,
        altered(facts, {
          parameters: { binary_data_output: true },
          outputs: outputsWith(facts, () => false),
        }),
      ),
    expect: [...isAnswered, allJson, ...sameTensors],
  },
  {
    id: "binary.content-type",
    level: "should",
    title: "Bytes come as application/octet-stream",
    spec: spec("binary", "Examples"),
    says: "The answer of the example has the content type application/octet-stream.",
    needs,
    send: (facts) => infer(facts, altered(facts, { parameters: { binary_data_output: true } })),
    expect: [
      ...isAnsweredBinary,
      onEach("content type application/octet-stream", ({ headers }) => {
        const type = headers["content-type"] ?? "absent";
        return /^application\/octet-stream\b/i.test(type) ? undefined : `content type ${type}`;
      }),
    ],
  },
  {
    id: "binary.raw-request",
    level: "may",
    title: "A body without JSON is the one input's bytes",
    spec: spec("binary", "Raw Binary Request"),
    says: "With the length 0 the whole body is the single input, of one row; all outputs come as binary data.",
    needs: [...needs, oneInput],
    send: (facts) => {
      const [input] = facts.good.request.inputs;
      return inferBytes(facts, encodeElements(input!.datatype, input!.data!), { [lengthHeader]: "0" });
    },
    expect: [...isAnsweredBinary, allBytes],
  },
]);
