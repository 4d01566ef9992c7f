/** Tensors of a request as the graph declares them: right names, types and shapes, and no more elements than were sent. */
import type { DataType, TaskName, Tensor, TensorDataMap, ValueInfo } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { maxRequestsPerBody } from "../../routes/one-or-many.ts";
import { codecs } from "../tensors/codecs.ts";
import { datatypeOf, isDatatype } from "../tensors/datatype.ts";
import { flattenData } from "../tensors/flatten.ts";
import { countElements, matchDims, readShape, type Sizes } from "../tensors/shape.ts";
import type { RequestInput } from "./infer-request.ts";
import { invalid, maxIssues, quote } from "./problems.ts";

export type Tensors = Readonly<Record<string, Tensor>>;

export interface DecodedInputs {
  readonly tensors: Tensors;
  /** Size of the batch. */
  readonly rows: number;
}

/**
 * @throws {AttuneError} `REQUEST_INVALID` with every problem: unknown, repeated or missing inputs, other types, shapes and
 * data that do not go together, and no row or too many.
 */
export function decodeInputs(
  inputs: readonly RequestInput[],
  { signature, task }: ArtifactManifest,
): DecodedInputs {
  const issues: string[] = [];
  const tensors = new Map<string, Tensor>();
  const sizes: Sizes = new Map();
  let rows: number | undefined;
  for (const [index, input] of inputs.entries()) {
    if (issues.length > maxIssues) break;
    const path = `inputs[${index}]`;
    const declared = signature.inputs.find(({ name }) => name === input.name);
    if (declared === undefined) {
      const known = signature.inputs.map(({ name }) => name).join(", ");
      issues.push(`${path}: ${quote(input.name)} is no input of the model; known are ${known}`);
      continue;
    }
    if (tensors.has(input.name)) {
      issues.push(`${path}: ${quote(input.name)} is given twice`);
      continue;
    }
    const tensor = decodeInput(input, declared, path, sizes, issues);
    if (tensor === undefined) continue;
    tensors.set(input.name, tensor);
    if (isBatched(declared)) rows ??= tensor.dims[0]!;
  }
  // Only when the inputs can be read at all: what is missing may be among those that cannot.
  if (issues.length === 0) {
    const missing = requiredInputs[task].find((name) => !tensors.has(name));
    if (missing !== undefined) issues.push(`inputs: ${missing} is missing`);
    else if (rows === undefined)
      issues.push(`inputs: expected at least one of ${batchedInputs(signature.inputs)}`);
  }
  if (issues.length > 0 || rows === undefined) throw invalid(issues);
  return { tensors: Object.fromEntries(tensors), rows };
}

/** Inputs without a default. Columns have one: a column that is left out is missing. */
const requiredInputs: Readonly<Record<TaskName, readonly string[]>> = {
  recommend: ["history"],
  classify: [],
  regress: [],
  hierarchical: [],
};

/** Whether a request may leave an input out. */
export function isOptionalInput(task: TaskName, name: string): boolean {
  return !requiredInputs[task].includes(name);
}

/** Whether an input has a row for each request; `k` has not. */
const isBatched = ({ dims }: ValueInfo) => typeof dims[0] !== "number";

function batchedInputs(inputs: readonly ValueInfo[]): string {
  return inputs
    .filter(isBatched)
    .map(({ name }) => name)
    .join(", ");
}

function decodeInput(
  { datatype, shape, data, binary }: RequestInput,
  declared: ValueInfo,
  path: string,
  sizes: Sizes,
  issues: string[],
): Tensor | undefined {
  const { name, dtype } = declared;
  const expected = datatypeOf[dtype];
  if (datatype !== expected) {
    const what = isDatatype(datatype) ? datatype : `${quote(datatype)}, which is no datatype`;
    issues.push(`${path}.datatype: ${quote(name)} is ${expected}, got ${what}`);
    return undefined;
  }
  const dims = readShape(shape, `${path}.shape`, issues);
  if (dims === undefined) return undefined;
  if (!matchDims(dims, { name, dims: declared.dims, path: `${path}.shape` }, sizes, issues)) return undefined;
  if (isBatched(declared) && !(dims[0]! >= 1 && dims[0]! <= maxRequestsPerBody)) {
    issues.push(`${path}.shape: expected 1 to ${maxRequestsPerBody} rows, got ${dims[0]}`);
    return undefined;
  }
  const count = countElements(dims);
  if (count === undefined) {
    issues.push(`${path}.shape: more elements than any request can have`);
    return undefined;
  }
  return binary === undefined
    ? decodeJson(dtype, dims, flattenData(data, dims, count, `${path}.data`, issues), `${path}.data`, issues)
    : decodeBinary(dtype, dims, { bytes: binary, count }, path, issues);
}

function decodeJson<D extends DataType>(
  dtype: D,
  dims: readonly number[],
  elements: readonly unknown[] | undefined,
  path: string,
  issues: string[],
): Tensor | undefined {
  if (elements === undefined) return undefined;
  const codec = codecs[dtype];
  const bad = elements.findIndex((element) => !codec.fits(element));
  if (bad === -1) return tensorOf(dtype, dims, codec.fromJson(elements));
  issues.push(`${path}: expected ${codec.expected}; element ${bad} is not`);
  return undefined;
}

function decodeBinary<D extends DataType>(
  dtype: D,
  dims: readonly number[],
  { bytes, count }: { readonly bytes: Buffer; readonly count: number },
  path: string,
  issues: string[],
): Tensor | undefined {
  const data = codecs[dtype].fromBytes(bytes, count);
  if (typeof data !== "string") return tensorOf(dtype, dims, data);
  issues.push(`${path}: its binary data does not fit: ${data}`);
  return undefined;
}

/** The codec of a type gives that type's storage; the compiler cannot follow the pair through the table. */
function tensorOf<D extends DataType>(dtype: D, dims: readonly number[], data: TensorDataMap[D]): Tensor {
  return { dtype, dims, data } as unknown as Tensor;
}
