/** Holds a batch against the signature; every problem in one error. */
import { AttuneError, type Tensor } from "@attune/contracts";
import type { InputSpec, Signature } from "@attune/trace";
import type { Batch } from "../stepper/stepper.ts";

/**
 * @returns sizes of the symbolic dims in this batch.
 * @throws {AttuneError} `TRAIN_DATA`
 */
export function checkBatch(name: string, signature: Signature, batch: Batch): Record<string, number> {
  const sizes: Record<string, number> = {};
  const issues: string[] = [];
  const owners: Record<string, string> = {};
  for (const [input, spec] of Object.entries(signature)) {
    const tensor = batch[input];
    if (tensor === undefined) {
      issues.push(`${input} is missing; it is ${formatSpec(spec)}`);
      continue;
    }
    issues.push(...checkTensor(input, spec, tensor));
    if (tensor.dims?.length !== spec.dims.length) continue;
    for (const [axis, dim] of spec.dims.entries()) {
      const size = tensor.dims[axis] ?? 0;
      if (typeof dim !== "string") continue;
      const known = sizes[dim];
      if (known === undefined) {
        sizes[dim] = size;
        owners[dim] = input;
        if (size === 0) issues.push(`${input} is empty: its dim ${dim} is 0`);
      } else if (known !== size) {
        issues.push(`${input} has ${dim} = ${size}, but ${owners[dim]} has ${known}`);
      }
    }
  }
  for (const input of Object.keys(batch)) {
    if (!(input in signature)) {
      issues.push(`${input} is not an input; the inputs are ${Object.keys(signature).join(", ")}`);
    }
  }
  if (issues.length > 0) throw new AttuneError("TRAIN_DATA", { kind: name, issues });
  return sizes;
}

/** dtype, rank, fixed dims and the number of values of one tensor. */
export function checkTensor(input: string, spec: InputSpec, tensor: Tensor): string[] {
  const { dtype, dims, data } = tensor;
  if (!Array.isArray(dims) || data === undefined) {
    return [`${input} is no tensor { dtype, dims, data }; it should be ${formatSpec(spec)}`];
  }
  const issues: string[] = [];
  if (dtype !== spec.dtype) issues.push(`${input} is ${dtype}, expected ${spec.dtype}`);
  const fits =
    dims.length === spec.dims.length &&
    spec.dims.every((dim, axis) => typeof dim === "string" || dim === dims[axis]);
  if (!fits) issues.push(`${input} is [${dims.join(", ")}], expected ${formatSpec(spec)}`);
  const length = dims.reduce((product, dim) => product * dim, 1);
  if (data.length !== length) {
    issues.push(`${input} has ${data.length} values, but [${dims.join(", ")}] holds ${length}`);
  }
  return issues;
}

function formatSpec({ dtype, dims }: InputSpec): string {
  return `${dtype} [${dims.join(", ")}]`;
}
