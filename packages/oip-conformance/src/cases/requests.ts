/** Requests of cases, most of them a good one with something altered. */
import type { HttpRequest } from "../http/http-request.ts";
import { binaryMessage, jsonMessage, lengthHeader } from "../protocol/infer-message.ts";
import type { InferRequest, Tensor } from "../protocol/tensor.ts";
import type { InferFacts, ModelFacts } from "../subject/facts.ts";

export function get(path: string): HttpRequest {
  return { method: "GET", path };
}

export function post(path: string, value: unknown): HttpRequest {
  return { method: "POST", path, ...jsonMessage(value) };
}

/** To the model; `value` is what goes as JSON, good or bad. */
export function infer({ model }: ModelFacts, value: unknown): HttpRequest {
  return post(`${model.path}/infer`, value);
}

/** To the model, as these bytes and headers. */
export function inferBytes(
  { model }: ModelFacts,
  body: Buffer | string,
  headers: HttpRequest["headers"] = { "content-type": "application/json" },
): HttpRequest {
  return { method: "POST", path: `${model.path}/infer`, headers, body: Buffer.from(body) };
}

/** The good request with its inputs as bytes. */
export function inferBinary(
  { model }: ModelFacts,
  request: InferRequest,
  chosen?: (input: Tensor, index: number) => boolean,
): HttpRequest {
  return { method: "POST", path: `${model.path}/infer`, ...binaryMessage(request, chosen) };
}

/** As bytes, with another length of the JSON than is true. */
export function inferWithLength(facts: InferFacts, length: string): HttpRequest {
  const message = inferBinary(facts, facts.good.request);
  return { ...message, headers: { ...message.headers, [lengthHeader]: length } };
}

/** Any object: what a case sends is often not what the protocol allows. */
export type Altered = Readonly<Record<string, unknown>>;

/** The good request with other members; undefined takes one away. */
export function altered({ good }: InferFacts, members: Altered): Altered {
  return { ...good.request, ...members };
}

/** The good request with other members in the first input that fits. */
export function alteredInput(
  { good }: InferFacts,
  change: (input: Tensor) => Altered,
  fits: (input: Tensor) => boolean = () => true,
): Altered {
  const at = good.request.inputs.findIndex(fits);
  const inputs = good.request.inputs.map((input, index) =>
    index === at ? { ...input, ...change(input) } : input,
  );
  return { ...good.request, inputs };
}

/** The good request with one more of something in a list. */
export function extended(
  { good }: InferFacts,
  list: "inputs" | "outputs",
  more: readonly unknown[],
): Altered {
  return { ...good.request, [list]: [...(good.request[list] ?? []), ...more] };
}
