/** Requests that cannot be answered: what an error looks like. */
import {
  blamesTheClient,
  hasErrorBody,
  hasStatus,
  isError,
  isJsonType,
  isRefused,
  showsNothingInternal,
} from "../expectations/answers.ts";
import { onEach, should } from "../expectations/expectation.ts";
import { readJson } from "../protocol/infer-message.ts";
import { modelPath, unknownName, unknownVersion } from "../subject/facts.ts";
import { casesOf } from "./case.ts";
import { spec } from "./documents.ts";
import { listedVersions } from "./needs.ts";
import { altered, alteredInput, get, infer, inferBytes, post } from "./requests.ts";

const errorObject = spec("text", "Inference Response JSON Error Object");
const saysError =
  "A failed inference request is indicated by an HTTP error status (typically 400), with { error } as body.";
const inputSchema = spec("yaml", "request_input");
const saysRequired = "name, shape, datatype and data are required.";

/** An error text that a person can read. */
const hasMessage = onEach("a message that is not empty", (answer) => {
  const { error } = readJson(answer) as { error: string };
  return error.trim() === "" ? "the message is empty" : undefined;
});

export const errorCases = [
  ...casesOf("errors", "server", [
    {
      id: "errors.unknown-model",
      level: "must",
      title: "Inference with a model that is not there is an error",
      spec: errorObject,
      says: saysError,
      note: "400 (the text) and 404 (Triton, KServe, MLServer) are both in use.",
      send: () => post(`${modelPath(unknownName)}/infer`, { inputs: [] }),
      expect: [...isRefused, should(hasMessage)],
    },
    {
      id: "errors.unknown-path",
      level: "must",
      title: "A path that is not there is an error",
      spec: spec("http", "section 15.5.5, 404 Not Found"),
      says: "The origin server did not find a current representation for the target resource.",
      send: () => get("/v2/oip-conformance/no-such-path"),
      expect: [isError, blamesTheClient, should(hasErrorBody)],
    },
  ]),
  ...casesOf("errors", "model", [
    {
      id: "errors.unknown-version",
      level: "must",
      title: "Inference with a version that is not there is an error",
      spec: errorObject,
      says: saysError,
      note: "400 (the text) and 404 (Triton, KServe, MLServer) are both in use.",
      needs: [listedVersions],
      send: ({ model }) => post(`${modelPath(model.name, unknownVersion)}/infer`, { inputs: [] }),
      expect: isRefused,
    },
    {
      id: "errors.invalid-json",
      level: "must",
      title: "A body that is no JSON is an error",
      spec: errorObject,
      says: saysError,
      send: (facts) => inferBytes(facts, '{"inputs": ['),
      expect: isRefused,
    },
    {
      id: "errors.no-inputs",
      level: "must",
      title: "A request without inputs is an error",
      spec: spec("yaml", "inference_request"),
      says: "inputs is required.",
      send: (facts) => infer(facts, {}),
      expect: isRefused,
    },
    {
      id: "errors.not-an-object",
      level: "must",
      title: "A request that is a list, a text or null is an error",
      spec: spec("yaml", "inference_request"),
      says: "The request is of type object.",
      send: (facts) => [[], "inputs", null].map((value) => infer(facts, value)),
      expect: isRefused,
    },
    {
      id: "errors.content-type",
      level: "should",
      title: "Errors come as application/json",
      spec: spec("yaml", "/v2/models/{MODEL_NAME}/versions/{MODEL_VERSION}/infer"),
      says: "The content of 400 is application/json.",
      send: (facts) => infer(facts, {}),
      expect: [isError, isJsonType],
    },
    {
      id: "errors.wrong-method",
      level: "must",
      title: "GET of …/infer is an error",
      spec: spec("http", "section 15.5.6, 405 Method Not Allowed"),
      says: "The method is known by the origin server but not supported by the target resource.",
      send: ({ model }) => get(`${model.path}/infer`),
      expect: [isError, should(hasStatus(404, 405)), should(hasErrorBody)],
    },
  ]),
  ...casesOf("errors", "infer", [
    {
      id: "errors.no-name",
      level: "must",
      title: "An input without a name is an error",
      spec: inputSchema,
      says: saysRequired,
      send: (facts) =>
        infer(
          facts,
          alteredInput(facts, () => ({ name: undefined })),
        ),
      expect: isRefused,
    },
    {
      id: "errors.no-shape",
      level: "must",
      title: "An input without a shape is an error",
      spec: inputSchema,
      says: saysRequired,
      send: (facts) =>
        infer(
          facts,
          alteredInput(facts, () => ({ shape: undefined })),
        ),
      expect: isRefused,
    },
    {
      id: "errors.no-datatype",
      level: "must",
      title: "An input without a datatype is an error",
      spec: inputSchema,
      says: saysRequired,
      send: (facts) =>
        infer(
          facts,
          alteredInput(facts, () => ({ datatype: undefined })),
        ),
      expect: isRefused,
    },
    {
      id: "errors.no-data",
      level: "must",
      title: "An input without data is an error",
      spec: inputSchema,
      says: saysRequired,
      send: (facts) =>
        infer(
          facts,
          alteredInput(facts, () => ({ data: undefined })),
        ),
      expect: isRefused,
    },
    {
      id: "errors.inputs-not-a-list",
      level: "must",
      title: "inputs that are an object are an error",
      spec: spec("yaml", "inference_request"),
      says: "inputs is an array of request_input.",
      send: (facts) => infer(facts, altered(facts, { inputs: { ...facts.good.request.inputs } })),
      expect: isRefused,
    },
    {
      id: "errors.nothing-internal",
      level: "should",
      title: "Errors show no stack and no path of the machine",
      spec: spec("http", "section 17.4, Disclosure of Sensitive Information"),
      says: "Messages to strangers carry no more than these need.",
      send: (facts) => [
        get(modelPath(unknownName)),
        inferBytes(facts, '{"inputs": ['),
        infer(facts, altered(facts, { inputs: "none" })),
        infer(
          facts,
          alteredInput(facts, () => ({ shape: ["x"] })),
        ),
        infer(
          facts,
          alteredInput(facts, () => ({ shape: [3, 5, 7] })),
        ),
        infer(
          facts,
          alteredInput(facts, () => ({ datatype: "FP128" })),
        ),
      ],
      expect: [showsNothingInternal],
    },
  ]),
];
