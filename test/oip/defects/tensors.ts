/** Good requests that servers refuse, and answers that are not what was asked for. */
import {
  answers,
  type Body,
  error,
  isDeep,
  isInfer,
  json200,
  type KnownDefect,
  lengthHeader,
  type Output,
  outputsOf,
  reads,
  readsMessage,
  refusals,
  withId,
} from "./defect.ts";

export const tensorsDefects: readonly KnownDefect[] = [
  {
    name: "the id does not come back",
    defect: json200(isInfer, ({ id: _, ...rest }) => rest),
    found: ["infer.id-echo"],
  },
  {
    name: "the id comes back with another encoding",
    defect: answers(
      (request) => isInfer(request) && withId(request),
      (sent) => ({ ...sent, body: Buffer.from(sent.body.toString("latin1")) }),
    ),
    found: ["infer.id-echo"],
  },
  {
    name: "model_name is missing",
    defect: json200(isInfer, ({ model_name: _, ...rest }) => rest),
    found: [
      "infer.answers",
      "infer.model-name",
      "infer.id-echo",
      "infer.tensors",
      "infer.shape-data",
      "infer.version",
      "infer.chosen-output",
      "infer.named-output",
      "infer.output-order",
      "infer.nested-data",
      "infer.member-order",
      "infer.empty-parameters",
      "infer.extra-member",
      "infer.batch",
      "infer.content-type",
      "binary.inputs",
      "binary.no-content-type",
      "binary.mixed-inputs",
      "binary.output-overrides",
      "repository.load",
      "robustness.no-content-type",
      "robustness.html-content-type",
      "robustness.chunked",
      "robustness.gzip-request",
    ],
  },
  {
    name: "model_version of another version",
    defect: json200(
      ({ path }) => path.endsWith("/versions/1/infer"),
      (body) => ({ ...body, model_version: "7" }),
    ),
    found: ["infer.version"],
  },
  {
    name: "all outputs come whatever was asked for",
    defect: readsMessage(({ outputs, ...message }) =>
      JSON.stringify(outputs)?.includes("no-such-output") ||
      (outputs as Output[])?.[1]?.name === (outputs as Output[])?.[0]?.name
        ? { ...message, ...(outputs !== undefined && { outputs }) }
        : message,
    ),
    found: [
      "infer.chosen-output",
      "infer.output-order",
      "binary.output-chosen",
      "binary.output-mixed",
      "binary.output-overrides",
    ],
  },
  {
    name: "nested data is refused",
    defect: answers(
      (request) => isInfer(request) && !isDeep(request) && request.body.includes('"data":[['),
      () => error(400, "data must be flat"),
    ),
    found: ["infer.nested-data"],
  },
  {
    name: "the shape is not the data's",
    defect: json200(
      (request) => isInfer(request) && request.headers[lengthHeader] === undefined,
      (body) => outputsOf(body, (one) => ({ ...one, shape: one.shape.map((dim) => dim + 1) })),
    ),
    found: [
      "infer.tensors",
      "infer.shape-data",
      "infer.batch",
      "binary.inputs",
      "binary.outputs",
      "binary.both",
      "binary.no-content-type",
      "binary.mixed-inputs",
      "binary.output-chosen",
      "binary.output-mixed",
    ],
  },
  {
    name: "a request without a content type is 415",
    defect: answers(
      (request) =>
        isInfer(request) && request.method === "POST" && request.headers["content-type"] === undefined,
      () => error(415, "say application/json"),
    ),
    found: ["binary.no-content-type", "robustness.no-content-type"],
  },
  {
    name: "text/html is 415",
    defect: answers(
      ({ headers }) => headers["content-type"] === "text/html",
      () => error(415, "say application/json"),
    ),
    found: ["robustness.html-content-type"],
  },
  {
    name: "chunks are 411",
    defect: answers(
      ({ headers }) => headers["transfer-encoding"] === "chunked",
      () => error(411, "say how long"),
    ),
    found: ["robustness.chunked"],
  },
  {
    name: "chunks end the connection",
    defect: answers(
      ({ headers }) => headers["transfer-encoding"] === "chunked",
      () => "hang up",
    ),
    found: ["robustness.chunked", "robustness.tiny-chunks"],
  },
  {
    name: "a body without JSON is refused",
    model: "single",
    defect: answers(
      ({ headers }) => headers[lengthHeader] === "0",
      () => error(400, "no JSON"),
    ),
    found: ["binary.raw-request"],
  },
  {
    name: "gzip is promised and not sent",
    defect: answers(
      ({ headers }) => headers["accept-encoding"] === "gzip",
      (sent) => ({ ...sent, body: Buffer.from("{}") }),
    ),
    found: ["robustness.gzip-answer"],
  },
  {
    name: "a bad length of the JSON ends the connection",
    defect: refusals(
      ({ headers }) => headers[lengthHeader] === "-1",
      () => "hang up",
    ),
    found: ["robustness.header-negative"],
  },
  {
    name: "a length of the JSON past the body is cut to it",
    defect: reads((request) => {
      if (request.headers[lengthHeader] !== "1000000") return request;
      const length = request.body.lastIndexOf("}]}") + 3;
      return { ...request, headers: { ...request.headers, [lengthHeader]: String(length) } };
    }),
    found: ["robustness.header-past-body"],
  },
  {
    name: "the blob of an output is shorter than it says",
    defect: answers(
      (request) => isInfer(request),
      (sent) =>
        sent.headers[lengthHeader] === undefined ? sent : { ...sent, body: sent.body.subarray(0, -1) },
    ),
    found: [
      "binary.outputs",
      "binary.both",
      "binary.output-chosen",
      "binary.output-mixed",
      "binary.content-type",
    ],
  },
  {
    name: "the answer's bytes come without the header",
    defect: answers(isInfer, ({ headers: { [lengthHeader]: _, ...headers }, ...sent }) => ({
      ...sent,
      headers,
    })),
    found: [
      "binary.outputs",
      "binary.both",
      "binary.output-chosen",
      "binary.output-mixed",
      "binary.content-type",
    ],
  },
  {
    name: "bytes come as JSON's type",
    defect: answers(
      (request) => isInfer(request),
      (sent) => ({ ...sent, headers: { ...sent.headers, "content-type": "application/json" } }),
    ),
    found: ["binary.content-type"],
  },
  {
    name: "binary_data_output is passed over",
    defect: readsMessage(({ parameters: _, ...message }) => message),
    found: ["binary.outputs", "binary.content-type", "robustness.parameters-not-an-object"],
  },
  {
    name: "binary_data: false does not win",
    defect: readsMessage((message) => {
      const { binary_data_output: isAll } = (message.parameters ?? {}) as Body;
      return isAll === true ? { ...message, outputs: undefined } : message;
    }),
    found: ["binary.output-overrides"],
  },
  {
    name: "outputs come in big-endian order",
    defect: answers(isInfer, (sent) => {
      const length = Number(sent.headers[lengthHeader] ?? sent.body.length);
      const blob = Buffer.from(sent.body.subarray(length));
      // The three numbers at the end.
      if (blob.length > 12) blob.subarray(blob.length - 12).swap32();
      return { ...sent, body: Buffer.concat([sent.body.subarray(0, length), blob]) };
    }),
    found: ["binary.outputs", "binary.both", "binary.output-chosen"],
  },
  {
    name: "a text that ends past its bytes ends the connection",
    defect: refusals(
      ({ body }) => body.includes(Buffer.of(0xff, 0xff, 0xff, 0xff)),
      () => "hang up",
    ),
    found: ["robustness.text-length"],
  },
];
