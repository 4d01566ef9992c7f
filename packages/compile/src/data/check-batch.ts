/** Holds a batch against the signature; every problem in one error. */
import { AttuneError, type Tensor } from "@attune/contracts";
import type { InputSpec, Signature } from "@attune/trace";
import type { TrainingProblem } from "../problem.ts";
import type { Batch, Sizes } from "../tensors.ts";
import { checkRanges } from "./check-ranges.ts";

/**
 * @returns sizes of the symbolic dims in this batch.
 * @throws {AttuneError} `TRAIN_DATA`
 */
export function checkBatch({ name: kind, signature, ranges }: TrainingProblem, batch: Batch): Sizes {
  const issues: string[] = [];
  const sizes = measureSizes(signature, batch, issues);
  issues.push(...checkRanges(ranges, batch));
  if (issues.length > 0) throw new AttuneError("TRAIN_DATA", { kind, issues });
  return sizes;
}

/** Sizes of the symbolic dims; what does not fit is added to `issues`. */
export function measureSizes(signature: Signature, batch: Batch, issues: string[]): Sizes {
  const sizes = new Map<string, { size: number; owner: string }>();
  for (const [input, spec] of Object.entries(signature)) {
    const tensor = batch[input];
    issues.push(...checkTensor(input, spec, tensor));
    if (tensor?.dims?.length !== spec.dims.length) continue;
    for (const [axis, dim] of spec.dims.entries()) {
      const size = tensor.dims[axis] ?? 0;
      if (typeof dim !== "string") continue;
      const known = sizes.get(dim);
      if (known === undefined) sizes.set(dim, { size, owner: input });
      else if (known.size !== size) {
        issues.push(`${input} has ${dim} = ${size}, but ${known.owner} has ${known.size}`);
      }
    }
  }
  const unknown = Object.keys(batch).filter((input) => !(input in signature));
  if (unknown.length > 0) {
    issues.push(`${unknown.join(", ")}: no such input; the inputs are ${Object.keys(signature).join(", ")}`);
  }
  for (const [dim, { size, owner }] of sizes) {
    if (size === 0) issues.push(`${owner} is empty: its ${dim} is 0`);
  }
  return Object.fromEntries(Array.from(sizes, ([dim, { size }]) => [dim, size]));
}

/** dtype, rank, fixed dims and the number of values of one tensor. */
function checkTensor(input: string, spec: InputSpec, tensor: Tensor | undefined): string[] {
  const expected = () => `${spec.dtype} [${spec.dims.join(", ")}]`;
  if (tensor === undefined) return [`${input} is missing; it is ${expected()}`];
  const { dtype, dims, data } = tensor;
  if (!Array.isArray(dims) || data === undefined) {
    return [`${input} is no tensor { dtype, dims, data }; it is ${expected()}`];
  }
  const issues: string[] = [];
  if (dtype !== spec.dtype) issues.push(`${input} is ${dtype}, expected ${expected()}`);
  const fits =
    dims.length === spec.dims.length &&
    spec.dims.every((dim, axis) => typeof dim === "string" || dim === dims[axis]);
  if (!fits) issues.push(`${input} is [${dims.join(", ")}], expected ${expected()}`);
  const length = dims.reduce((product, dim) => product * dim, 1);
  if (data.length !== length) {
    issues.push(`${input} has ${data.length} values, but [${dims.join(", ")}] holds ${length}`);
  }
  return issues;
}
