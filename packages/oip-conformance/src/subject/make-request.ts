/** Requests from a model's metadata: small, and of one value. */
import { datatypes } from "../protocol/datatypes.ts";
import { countElements, type InferRequest, type TensorMetadata } from "../protocol/tensor.ts";

interface Recipe {
  /** What −1 becomes. */
  readonly size: number;
  readonly value: "zero" | "one";
}

/**
 * In order: the first that the model accepts is kept. Ones before zeros: these look the same in every order of bytes, and are
 * no count of anything.
 */
export const recipes: readonly Recipe[] = [
  { size: 1, value: "one" },
  { size: 1, value: "zero" },
  { size: 2, value: "one" },
  { size: 2, value: "zero" },
];

/** Undefined where an input has a datatype that JSON cannot carry. */
export function makeRequest(
  inputs: readonly TensorMetadata[],
  { size, value }: Recipe,
): InferRequest | undefined {
  if (inputs.some(({ datatype }) => !datatypes.has(datatype))) return undefined;
  return {
    inputs: inputs.map(({ name, datatype, shape }) => {
      const sizes = shape.map((dim) => (dim < 0 ? size : dim));
      const element = datatypes.get(datatype)![value];
      return { name, datatype, shape: sizes, data: Array(countElements(sizes)).fill(element) };
    }),
  };
}
