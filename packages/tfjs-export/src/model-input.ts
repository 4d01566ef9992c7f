/** What a loaded model takes: the signature that seeded inputs are made from. */

/** tfjs's dtypes that an exported model can take. */
export type InputDataType = "float32" | "int32" | "bool";

/** An input of the model. A size that the model leaves open is `undefined`; such a first size is the batch. */
export interface ModelInput {
  readonly name: string;
  readonly dtype: InputDataType;
  readonly dims: readonly (number | undefined)[];
  /** Rows of the smallest table that the values are ids of: they lie in `[0, idCount)`. `undefined` for no table. */
  readonly idCount: number | undefined;
}

const inputDataTypes: readonly string[] = ["float32", "int32", "bool"] satisfies InputDataType[];

function isInputDataType(dtype: string): dtype is InputDataType {
  return inputDataTypes.includes(dtype);
}

/**
 * @param shape - as tfjs has it: `null` or −1 for an open size, nothing at all for an unknown rank.
 * @param issues - receives a line when the input cannot be filled.
 */
export function describeInput(
  input: {
    readonly name: string;
    readonly dtype: string;
    readonly shape: readonly (number | null)[] | undefined;
    readonly idCount: number | undefined;
  },
  issues: string[],
): readonly ModelInput[] {
  const { name, dtype, shape, idCount } = input;
  const known = isInputDataType(dtype);
  if (!known) issues.push(`input "${name}" has dtype ${dtype}; supported: ${inputDataTypes.join(", ")}`);
  if (shape === undefined) issues.push(`input "${name}" has no shape; save the model with one`);
  if (!known || shape === undefined) return [];
  return [
    { name, dtype, dims: shape.map((size) => (size === null || size < 0 ? undefined : size)), idCount },
  ];
}

/** The smaller table of those that ids are looked up in. */
export function smallestCount(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
