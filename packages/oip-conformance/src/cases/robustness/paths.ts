/** Names of models that are paths, or that objects have by birth. */
import { blamesTheClient, isError, showsNothingInternal } from "../../expectations/answers.ts";
import { onEach, should } from "../../expectations/expectation.ts";
import { casesOf } from "../case.ts";
import { spec } from "../documents.ts";
import { get, post } from "../requests.ts";

/** As they go over the wire. */
const tricks: readonly string[] = [
  "..%2f..%2f..%2f..%2fetc%2fpasswd",
  "..%252f..%252f..%252fetc%252fpasswd",
  "..%5c..%5c..%5cetc%5cpasswd",
  "%2fetc%2fpasswd",
  "name%00.onnx",
  "%ff%fe",
  "%",
];

const showsNoFile = onEach("nothing of a file of the machine", ({ body }) =>
  /root:[^:\s]*:0:0:/.test(body.toString()) ? "lines of /etc/passwd" : undefined,
);

export const pathCases = casesOf("robustness", "server", [
  {
    id: "robustness.path-tricks",
    level: "must",
    title: "Model names with .., slashes, backslashes or zeros are errors",
    spec: spec("http", "section 17.3, Attacks Based on File and Path Names"),
    says: "Names from the request must not be treated as paths of the file system.",
    send: () =>
      tricks.flatMap((name) => [
        get(`/v2/models/${name}`),
        get(`/v2/models/${name}/ready`),
        post(`/v2/models/${name}/infer`, { inputs: [] }),
      ]),
    expect: [isError, showsNoFile, blamesTheClient, should(showsNothingInternal)],
  },
  {
    id: "robustness.version-tricks",
    level: "must",
    title: "Versions with .. or slashes are errors",
    spec: spec("http", "section 17.3, Attacks Based on File and Path Names"),
    says: "Names from the request must not be treated as paths of the file system.",
    send: () => tricks.map((version) => get(`/v2/models/oip-conformance-no-such-model/versions/${version}`)),
    expect: [isError, showsNoFile, blamesTheClient, should(showsNothingInternal)],
  },
  {
    id: "robustness.proto-model",
    level: "must",
    title: "__proto__, constructor and toString are no models",
    spec: spec("text", "Model Metadata Response JSON Error Object"),
    says: "A model that is not there is an error; objects of some languages have these by birth.",
    send: () =>
      ["__proto__", "constructor", "toString"].flatMap((name) => [
        get(`/v2/models/${name}`),
        post(`/v2/models/${name}/infer`, { inputs: [] }),
      ]),
    expect: [isError, blamesTheClient],
  },
  {
    id: "robustness.long-name",
    level: "must",
    title: "A model name of 4,000 characters is an error",
    spec: spec("http", "section 15.5.15, 414 URI Too Long"),
    says: "A server may refuse a target that is longer than it is willing to interpret.",
    send: () => get(`/v2/models/${"a".repeat(4000)}`),
    expect: [isError, blamesTheClient],
  },
]);
