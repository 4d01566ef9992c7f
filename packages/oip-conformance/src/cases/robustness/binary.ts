/** Lengths that are not true, of the JSON and of the bytes behind it. */
import { isRefused } from "../../expectations/answers.ts";
import type { HttpRequest } from "../../http/http-request.ts";
import { encodeElements } from "../../protocol/datatypes.ts";
import { joinMessage, lengthHeader } from "../../protocol/infer-message.ts";
import type { InferFacts } from "../../subject/facts.ts";
import { casesOf } from "../case.ts";
import { spec } from "../documents.ts";
import {
  advertisesBinary,
  bytesInput,
  encodableInputs,
  filledInput,
  isBytes,
  severalInputs,
} from "../needs.ts";
import { inferBinary, inferWithLength } from "../requests.ts";

const section = spec("binary", "Binary Tensor Data Extension");
const saysHeader = "Inference-Header-Content-Length must be provided to give the length of the JSON object.";
const saysSize = "binary_data_size: the size of the tensor binary data, in bytes.";
const needs = [advertisesBinary, encodableInputs];

/** The good request as bytes, with another size of the first input's and another blob behind the JSON. */
function inferWithSize(
  { model, good }: InferFacts,
  sizeOf: (size: number) => unknown,
  blobOf: (blob: Buffer) => Buffer = (blob) => blob,
): HttpRequest {
  const blobs = good.request.inputs.map(({ datatype, data }) => encodeElements(datatype, data!));
  const inputs = good.request.inputs.map(({ data: _, ...input }, index) => {
    const { length } = blobs[index]!;
    return { ...input, parameters: { binary_data_size: index === 0 ? sizeOf(length) : length } };
  });
  const message = joinMessage({ ...good.request, inputs }, blobOf(Buffer.concat(blobs)));
  return { method: "POST", path: `${model.path}/infer`, ...message };
}

export const binaryRobustnessCases = casesOf("robustness", "infer", [
  {
    id: "robustness.header-past-body",
    level: "must",
    title: "A length of the JSON past the end of the body is refused",
    spec: section,
    says: saysHeader,
    needs,
    send: (facts) => ["1000000", "18446744073709551615"].map((length) => inferWithLength(facts, length)),
    expect: isRefused,
  },
  {
    id: "robustness.header-negative",
    level: "must",
    title: "A negative length of the JSON is refused",
    spec: section,
    says: saysHeader,
    needs,
    send: (facts) => inferWithLength(facts, "-1"),
    expect: isRefused,
  },
  {
    id: "robustness.header-not-a-number",
    level: "must",
    title: "A length of the JSON that is no number is refused",
    spec: section,
    says: saysHeader,
    needs,
    send: (facts) => ["ten", ""].map((length) => inferWithLength(facts, length)),
    expect: isRefused,
  },
  {
    id: "robustness.header-cuts-json",
    level: "must",
    title: "A length that ends within the JSON is refused",
    spec: section,
    says: saysHeader,
    needs,
    send: (facts) => inferWithLength(facts, "10"),
    expect: isRefused,
  },
  {
    id: "robustness.header-absent",
    level: "must",
    title: "Bytes behind the JSON without the header are refused",
    spec: section,
    says: saysHeader,
    needs: [...needs, filledInput],
    send: (facts) => {
      const message = inferBinary(facts, facts.good.request);
      const { [lengthHeader]: _, ...headers } = message.headers!;
      return { ...message, headers };
    },
    expect: isRefused,
  },
  {
    id: "robustness.raw-of-several",
    level: "must",
    title: "A body without JSON is refused for a model of several inputs",
    spec: spec("binary", "Raw Binary Request"),
    says: "The whole body stands for one input, so there must be one only.",
    needs: [...needs, severalInputs],
    send: (facts) => inferWithLength(facts, "0"),
    expect: isRefused,
  },
  {
    id: "robustness.size-past-body",
    level: "must",
    title: "A binary_data_size past the end of the body is refused",
    spec: section,
    says: saysSize,
    needs,
    send: (facts) => [
      inferWithSize(facts, (size) => size + 8),
      inferWithSize(facts, () => Number.MAX_SAFE_INTEGER),
    ],
    expect: isRefused,
  },
  {
    id: "robustness.size-not-a-count",
    level: "must",
    title: "A binary_data_size that is negative, a fraction or a text is refused",
    spec: section,
    says: saysSize,
    needs,
    send: (facts) => [-1, 0.5, "8"].map((size) => inferWithSize(facts, () => size)),
    expect: isRefused,
  },
  {
    id: "robustness.blob-shorter",
    level: "must",
    title: "Fewer bytes than shape and datatype say are refused",
    spec: spec("required", "Tensor Data"),
    says: "The size of this content must match what is expected by the tensor's shape and data type.",
    needs: [...needs, filledInput],
    send: (facts) => {
      const isFirstFilled = facts.good.request.inputs.findIndex(({ data }) => data!.length > 0);
      const inputs = facts.good.request.inputs.map((input, index) =>
        index === isFirstFilled ? { ...input, data: input.data!.slice(1) } : input,
      );
      return inferBinary(facts, { ...facts.good.request, inputs });
    },
    expect: isRefused,
  },
  {
    id: "robustness.blob-longer",
    level: "must",
    title: "More bytes than shape and datatype say are refused",
    spec: spec("required", "Tensor Data"),
    says: "The size of this content must match what is expected by the tensor's shape and data type.",
    needs,
    send: (facts) => {
      const more = Buffer.alloc(8);
      return inferWithSize(
        facts,
        (size) => size + more.length,
        (blob) => Buffer.concat([more, blob]),
      );
    },
    expect: isRefused,
  },
  {
    id: "robustness.blob-trailing",
    level: "should",
    title: "Bytes that belong to no input are refused",
    spec: section,
    says: "The body has the JSON and the bytes of its tensors, and Content-Length is of both.",
    needs,
    send: (facts) =>
      inferWithSize(
        facts,
        (size) => size,
        (blob) => Buffer.concat([blob, Buffer.alloc(4)]),
      ),
    expect: isRefused,
  },
  {
    id: "robustness.data-and-bytes",
    level: "should",
    title: "An input with both data and binary_data_size is refused",
    spec: section,
    says: "The input is communicated as binary data, or in the JSON.",
    needs,
    send: (facts) => {
      const message = inferBinary(facts, facts.good.request);
      const length = Number(message.headers![lengthHeader]);
      const json = JSON.parse(message.body!.subarray(0, length).toString());
      const inputs = facts.good.request.inputs.map((input, index) => ({ ...input, ...json.inputs[index] }));
      const joined = joinMessage({ ...json, inputs }, message.body!.subarray(length));
      return { ...message, ...joined };
    },
    expect: isRefused,
  },
  {
    id: "robustness.text-length",
    level: "must",
    title: "A text whose length passes the end of its tensor is refused",
    spec: section,
    says: "For BYTES an element is a 4-byte unsigned integer giving the length followed by the actual bytes.",
    needs: [...needs, bytesInput, filledInput],
    send: (facts) => {
      const { inputs } = facts.good.request;
      const at = inputs.findIndex((input) => isBytes(input) && input.data!.length > 0);
      const message = inferBinary(facts, facts.good.request);
      const before = inputs.slice(0, at).map(({ datatype, data }) => encodeElements(datatype, data!).length);
      const start = Number(message.headers![lengthHeader]) + before.reduce((sum, size) => sum + size, 0);
      const body = Buffer.from(message.body!);
      body.writeUInt32LE(0xff_ff_ff_ff, start);
      return { ...message, body };
    },
    expect: isRefused,
  },
]);
