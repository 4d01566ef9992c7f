/** Infer requests as bytes, and answers back from bytes: JSON, or JSON with tensors behind it. */
import type { HttpAnswer } from "../http/http-request.ts";
import { encodeElements } from "./datatypes.ts";
import { toJsonText } from "./json-text.ts";
import { flatten, type InferRequest, type InferResponse, type Tensor } from "./tensor.ts";

/** How long the JSON is; behind it the tensors begin. */
export const lengthHeader = "inference-header-content-length";

export interface InferMessage {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** `value` is a request, or something that is to be refused as one. */
export function jsonMessage(value: unknown): InferMessage {
  return { body: Buffer.from(toJsonText(value)), headers: { "content-type": "application/json" } };
}

/** The inputs that `chosen` says go as bytes. Their datatypes must be in the table. */
export function binaryMessage(
  request: InferRequest,
  chosen: (input: Tensor, index: number) => boolean = () => true,
): InferMessage {
  const blobs: Buffer[] = [];
  const inputs = request.inputs.map((input, index) => {
    if (!chosen(input, index)) return input;
    const { data, parameters, ...rest } = input;
    const blob = encodeElements(input.datatype, flatten(data!));
    blobs.push(blob);
    return { ...rest, parameters: { ...parameters, binary_data_size: blob.length } };
  });
  return joinMessage({ ...request, inputs }, Buffer.concat(blobs));
}

export function joinMessage(json: unknown, blob: Buffer): InferMessage {
  const text = Buffer.from(toJsonText(json));
  return {
    body: Buffer.concat([text, blob]),
    headers: { "content-type": "application/octet-stream", [lengthHeader]: String(text.length) },
  };
}

/** What the header says is JSON; without it, everything. */
export function jsonPartOf({ headers, body }: HttpAnswer): Buffer {
  const length = headers[lengthHeader];
  return length === undefined ? body : body.subarray(0, Number(length));
}

/** An answer's JSON, or undefined where it is none. */
export function readJson(answer: HttpAnswer): unknown {
  try {
    return JSON.parse(jsonPartOf(answer).toString());
  } catch {
    return undefined;
  }
}

/** Each output with its bytes, in order; a size that is no number of bytes counts as zero. */
export function blobsOf(answer: HttpAnswer, { outputs }: InferResponse): readonly (Buffer | undefined)[] {
  let offset = jsonPartOf(answer).length;
  return outputs.map(({ parameters }) => {
    const size = parameters?.binary_data_size;
    if (typeof size !== "number") return undefined;
    const blob = answer.body.subarray(offset, offset + size);
    offset += size;
    return blob;
  });
}
