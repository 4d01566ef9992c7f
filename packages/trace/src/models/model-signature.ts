/** The signature of a tfjs model: its own inputs, and what the caller says of their dims. */
import { AttuneError } from "@attune/contracts";
import type { TfDtype } from "../kernels/define.ts";
import type { InputSpec, Signature } from "../signature.ts";
import type { TraceOptions } from "../trace-function.ts";
import { toSymbol } from "./model-names.ts";

export interface TraceModelOptions extends Omit<TraceOptions, "weightNames"> {
  /**
   * Dims of an input, in place of the model's own, by the input's name: a name for a free size (the same name, the same
   * size), a number for a fixed one. Default: `batch` for a free axis 0, `<input>_<axis>` for other free axes.
   */
  readonly dims?: Readonly<Record<string, readonly (number | string)[]>>;
}

/** An input as the model declares it. */
export interface ModelInput {
  readonly name: string;
  readonly dtype: string | undefined;
  /** `null` and −1 are free; `undefined` = not even the rank is known. */
  readonly shape: readonly (number | null)[] | undefined;
}

const dtypes: readonly string[] = ["float32", "int32", "bool"] satisfies TfDtype[];

/** @throws {AttuneError} `TRACE_SIGNATURE` with every input that does not fit. */
export function modelSignature(
  inputs: readonly ModelInput[],
  what: string,
  dims: TraceModelOptions["dims"] = {},
): Signature {
  const names = inputs.map(({ name }) => name);
  const issues = [
    ...(inputs.length === 0 ? ["the model has no inputs"] : []),
    ...Object.keys(dims)
      .filter((name) => !names.includes(name))
      .map((name) => `the model has no input ${name}; its inputs are ${names.join(", ")}`),
    ...inputs.flatMap((input) => checkInput(input, dims[input.name])),
  ];
  if (issues.length > 0) throw new AttuneError("TRACE_SIGNATURE", { what, issues });
  return Object.fromEntries(
    inputs.map(({ name, dtype, shape }): [string, InputSpec] => [
      name,
      { dtype: dtype as TfDtype, dims: dims[name] ?? nameDims(name, shape ?? []) },
    ]),
  );
}

function checkInput({ name, dtype, shape }: ModelInput, given: readonly (number | string)[] | undefined) {
  const issues: string[] = [];
  if (dtype === undefined || !dtypes.includes(dtype)) {
    issues.push(`input ${name} is of dtype ${dtype}; a graph can hold ${dtypes.join(", ")}`);
  }
  if (shape === undefined) {
    if (given === undefined) issues.push(`input ${name} has no shape; give its \`dims\``);
  } else if (given !== undefined) {
    const shown = `[${shape.map((dim) => (isFree(dim) ? "null" : dim)).join(", ")}]`;
    const fits =
      given.length === shape.length && shape.every((dim, axis) => isFree(dim) || dim === given[axis]);
    if (!fits) issues.push(`input ${name}: dims [${given.join(", ")}] do not fit the model's ${shown}`);
  }
  return issues;
}

function isFree(dim: number | null | undefined): boolean {
  return dim === null || dim === undefined || dim < 0;
}

function nameDims(name: string, shape: readonly (number | null)[]): (number | string)[] {
  return shape.map((dim, axis) =>
    !isFree(dim) ? (dim as number) : axis === 0 ? "batch" : toSymbol(`${name}_${axis}`),
  );
}
