/** Names of tensors and members that are wrong, twice there, or a trap. */
import { isError, isRefused } from "../../expectations/answers.ts";
import { onEach } from "../../expectations/expectation.ts";
import { casesOf } from "../case.ts";
import { spec } from "../documents.ts";
import { altered, extended, infer, inferBytes } from "../requests.ts";

const request = spec("text", "Inference Request JSON Object");
const saysOutputs = "outputs: the output tensors requested for this inference.";

const isAnsweredOrError = onEach("status 200, or an error status", (answer, facts) =>
  answer.status === 200 ? undefined : isError.check([answer], facts),
);

export const nameCases = casesOf("robustness", "infer", [
  {
    id: "robustness.unknown-input",
    level: "should",
    title: "An input that the model does not have is refused",
    spec: request,
    says: "inputs: the input tensors of the model.",
    note: "A warning only: KServe and MLServer pass it over.",
    send: (facts) => {
      const [first] = facts.good.request.inputs;
      return infer(facts, extended(facts, "inputs", [{ ...first, name: "oip-conformance-no-such-input" }]));
    },
    expect: isRefused,
  },
  {
    id: "robustness.duplicate-input",
    level: "should",
    title: "An input that is there twice is refused",
    spec: request,
    says: "Each input is described once, by its name.",
    send: (facts) => infer(facts, extended(facts, "inputs", facts.good.request.inputs.slice(0, 1))),
    expect: isRefused,
  },
  {
    id: "robustness.missing-input",
    level: "should",
    title: "A request with an empty list of inputs is refused",
    spec: spec("text", "Model Metadata Response JSON Object"),
    says: "inputs: the inputs required by the model.",
    send: (facts) => infer(facts, altered(facts, { inputs: [] })),
    expect: isRefused,
  },
  {
    id: "robustness.unknown-output",
    level: "must",
    title: "An output that the model does not have is refused",
    spec: request,
    says: saysOutputs,
    send: (facts) => infer(facts, extended(facts, "outputs", [{ name: "oip-conformance-no-such-output" }])),
    expect: isRefused,
  },
  {
    id: "robustness.duplicate-output",
    level: "should",
    title: "An output that is asked for twice is refused",
    spec: spec("tritonTests", "http_test.py, duplicate output names"),
    says: "An answer tells its outputs by their names.",
    send: (facts) => {
      const { name } = facts.good.response.outputs[0]!;
      return infer(facts, altered(facts, { outputs: [{ name }, { name }] }));
    },
    expect: isRefused,
  },
  {
    id: "robustness.proto-input",
    level: "must",
    title: "An input or output with the name __proto__ or constructor harms nothing",
    spec: request,
    says: "Names are texts without a meaning of their own.",
    send: (facts) =>
      ["__proto__", "constructor"].flatMap((name) => [
        infer(facts, extended(facts, "inputs", [{ ...facts.good.request.inputs[0], name }])),
        infer(facts, altered(facts, { outputs: [{ name }] })),
      ]),
    expect: [isAnsweredOrError],
  },
  {
    id: "robustness.proto-member",
    level: "must",
    title: "A member with the name __proto__ harms nothing",
    spec: spec("json", "section 4, Objects"),
    says: "A name is a string; objects of some languages give this one a meaning.",
    send: (facts) => {
      const good = JSON.stringify(facts.good.request).slice(1);
      return [
        inferBytes(facts, `{"__proto__":{"outputs":[{"name":"polluted"}],"polluted":true},${good}`),
        inferBytes(facts, `{"parameters":{"__proto__":{"binary_data_output":true}},${good}`),
      ];
    },
    expect: [isAnsweredOrError],
  },
  {
    id: "robustness.parameters-not-an-object",
    level: "should",
    title: "parameters that are a list or a text are refused",
    spec: spec("yaml", "parameters"),
    says: "parameters is of type object.",
    send: (facts) => ["none", ["none"]].map((parameters) => infer(facts, altered(facts, { parameters }))),
    expect: isRefused,
  },
  {
    id: "robustness.id-not-a-text",
    level: "should",
    title: "An id that is a number is refused",
    spec: request,
    says: "id is of type string.",
    send: (facts) => infer(facts, altered(facts, { id: 7 })),
    expect: isRefused,
  },
]);
