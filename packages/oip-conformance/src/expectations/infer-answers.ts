/** Expectations of the answer to an infer request. */
import type { HttpAnswer } from "../http/http-request.ts";
import { datatypes, decodeElements } from "../protocol/datatypes.ts";
import { blobsOf, jsonPartOf, lengthHeader, readJson } from "../protocol/infer-message.ts";
import { countElements, flatten, type InferResponse, type Tensor } from "../protocol/tensor.ts";
import type { InferFacts } from "../subject/facts.ts";
import { matches, succeeds } from "./answers.ts";
import { onEach } from "./expectation.ts";

/** An answer in JSON. */
export const isAnswered = [succeeds, matches("inference_response")];

/** An answer with bytes behind its JSON. */
export const isAnsweredBinary = [
  succeeds,
  matches("binary_inference_response"),
  onEach(`the header ${lengthHeader} with the length of the JSON`, ({ headers, body }) => {
    const length = headers[lengthHeader];
    if (length === undefined) return "the header is absent";
    return /^\d+$/.test(length) && Number(length) <= body.length ? undefined : `it says ${length}`;
  }),
  onEach("as many bytes behind the JSON as binary_data_size adds up to", (answer) => {
    const outputs = responseOf(answer).outputs;
    const sizes = outputs.map(({ parameters }) => Number(parameters?.binary_data_size ?? 0));
    const sum = sizes.reduce((total, size) => total + size, 0);
    const there = answer.body.length - jsonPartOf(answer).length;
    return sum === there ? undefined : `binary_data_size adds up to ${sum}, there are ${there} bytes`;
  }),
  onEach("blobs of the elements that shape and datatype say", (answer) => {
    const response = responseOf(answer);
    const blobs = blobsOf(answer, response);
    const wrong = response.outputs.find(
      (output, index) => blobs[index] !== undefined && elementsOf(output, blobs[index]) === undefined,
    );
    if (wrong === undefined) return undefined;
    const size = wrong.parameters?.binary_data_size;
    return `${wrong.name} is ${wrong.datatype} [${wrong.shape.join(", ")}] and has ${size} bytes`;
  }),
];

export const matchesShapes = onEach<unknown>("as many elements in data as the shape says", (answer) => {
  const wrong = responseOf(answer).outputs.find(
    ({ shape, data }) => data !== undefined && flatten(data).length !== countElements(shape),
  );
  if (wrong === undefined) return undefined;
  const count = flatten(wrong.data!).length;
  return `${wrong.name} has ${count} elements for the shape [${wrong.shape.join(", ")}]`;
});

/** Names, datatypes and shapes as metadata declares them. A model of no declared outputs declares nothing. */
export const matchesMetadata = onEach<InferFacts>(
  "outputs that the metadata declares, with its datatypes and its shapes where they are fixed",
  (answer, { model }) => {
    const declared = model.metadata?.outputs;
    if (declared === undefined) return undefined;
    for (const { name, datatype, shape } of responseOf(answer).outputs) {
      const one = declared.find((output) => output.name === name);
      if (one === undefined) return `the output ${name} is not declared`;
      if (one.datatype !== datatype) return `${name} is ${datatype}, declared is ${one.datatype}`;
      const fits =
        one.shape.length === shape.length && one.shape.every((dim, axis) => dim < 0 || dim === shape[axis]);
      if (!fits) return `${name} is [${shape.join(", ")}], declared is [${one.shape.join(", ")}]`;
    }
    return undefined;
  },
);

/** The outputs' names in order. */
export function hasOutputs(says: string, names: (facts: InferFacts) => readonly string[]) {
  return onEach<InferFacts>(says, (answer, facts) => {
    const wanted = names(facts).join(", ");
    const got = responseOf(answer)
      .outputs.map(({ name }) => name)
      .join(", ");
    return wanted === got ? undefined : `asked for ${wanted}; got ${got || "none"}`;
  });
}

/** Where bytes went in or out, or the body was sent in another way: the outputs of the good request again. */
export const hasGoodOutputs = onEach<InferFacts>(
  "the outputs that the same tensors gave as plain JSON: names, datatypes, shapes",
  (answer, { good }) => {
    const got = responseOf(answer).outputs.map(signature).sort().join("; ");
    const wanted = good.response.outputs.map(signature).sort().join("; ");
    return got === wanted ? undefined : `plain JSON gave ${wanted}; this gave ${got}`;
  },
);

export const hasGoodValues = hasValues(
  "the values that the same tensors gave as plain JSON",
  (values) => values,
);

/** The good request's rows twice, in one batch. */
export const hasGoodValuesTwice = hasValues("for each row the values that it gave alone", (values) => [
  ...values,
  ...values,
]);

/** Against the good answer's, as `expectedOf` makes them of it. Values of a model that answers at random are not compared. */
function hasValues(says: string, expectedOf: (values: readonly unknown[]) => readonly unknown[]) {
  return onEach<InferFacts>(says, (answer, { good }) => {
    if (!good.isSteady) return undefined;
    const response = responseOf(answer);
    const blobs = blobsOf(answer, response);
    for (const [index, output] of response.outputs.entries()) {
      const before = good.response.outputs.find(({ name }) => name === output.name);
      const values = elementsOf(output, blobs[index]);
      const alone = before && elementsOf(before, undefined);
      if (values === undefined || alone === undefined) continue;
      const expected = expectedOf(alone);
      const at = expected.findIndex((one, element) => !isSame(one, values[element]));
      if (at >= 0) return `${output.name}[${at}] was ${printed(expected[at])}, is ${printed(values[at])}`;
    }
    return undefined;
  });
}

export function responseOf(answer: HttpAnswer): InferResponse {
  return readJson(answer) as InferResponse;
}

function elementsOf(
  { datatype, shape, data }: Tensor,
  blob: Buffer | undefined,
): readonly unknown[] | undefined {
  // What is not in the table cannot be read; that it is not is another case's finding.
  if (!datatypes.has(datatype)) return [];
  if (blob !== undefined) return decodeElements(datatype, blob, countElements(shape));
  return data === undefined ? undefined : flatten(data);
}

function signature({ name, datatype, shape }: Tensor): string {
  return `${name} ${datatype} [${shape.join(", ")}]`;
}

/** Numbers within a thousandth: JSON may have them with fewer digits. NaN and infinity have no form in it. */
function isSame(one: unknown, other: unknown): boolean {
  if (isText(one) || isText(other)) return printed(one) === printed(other);
  if (typeof one === "boolean" || typeof other === "boolean") return one === other;
  const [a, b] = [Number(one), Number(other)];
  if (!Number.isFinite(a) || !Number.isFinite(b)) return true;
  return Math.abs(a - b) <= 1e-3 * Math.max(1, Math.abs(a), Math.abs(b));
}

function isText(value: unknown): boolean {
  return typeof value === "string" || Buffer.isBuffer(value);
}

function printed(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString() : String(value);
}
