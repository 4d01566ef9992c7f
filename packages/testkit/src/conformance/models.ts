/** The graphs of the session conformance suite, each with what it computes in plain TypeScript. */
import type { DataType, Tensor, ValueInfo } from "@attune/contracts";
import { encodeOnnx } from "../onnx-bytes.ts";

export interface ConformanceModel {
  readonly bytes: Uint8Array;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  compute(feeds: Readonly<Record<string, Tensor>>): Record<string, Tensor>;
}

const dtypes: readonly DataType[] = ["float32", "float64", "int32", "int64", "bool", "string"];

/** One input `x` of a dtype, `[batch, width]`, and its copy `y`. */
function echo(dtype: DataType): ConformanceModel {
  const inputs: ValueInfo[] = [{ name: "x", dtype, dims: ["batch", "width"] }];
  const outputs: ValueInfo[] = [{ name: "y", dtype, dims: ["batch", "width"] }];
  return {
    inputs,
    outputs,
    bytes: encodeOnnx({ inputs, outputs, nodes: [{ op: "Identity", inputs: ["x"], outputs: ["y"] }] }),
    compute: ({ x }) => ({ y: structuredClone(x!) }),
  };
}

/** dtype → its echo. */
export const echoModels = Object.fromEntries(dtypes.map((dtype) => [dtype, echo(dtype)])) as Record<
  DataType,
  ConformanceModel
>;

const sumInputs: ValueInfo[] = [
  { name: "a", dtype: "float32", dims: ["batch", 2] },
  { name: "b", dtype: "float32", dims: ["batch", 2] },
  { name: "label", dtype: "string", dims: ["batch"] },
];
const sumOutputs: ValueInfo[] = [
  { name: "sum", dtype: "float32", dims: ["batch", 2] },
  { name: "product", dtype: "float32", dims: ["batch", 2] },
  { name: "same", dtype: "string", dims: ["batch"] },
];

function combine(a: Tensor, b: Tensor, f: (x: number, y: number) => number): Tensor {
  const left = a.data as Float32Array;
  const right = b.data as Float32Array;
  return { dtype: "float32", dims: [...a.dims], data: left.map((value, index) => f(value, right[index]!)) };
}

/** Three inputs, one with a fixed dim, and three outputs: sum, product, and a copied label. */
export const sumModel: ConformanceModel = {
  inputs: sumInputs,
  outputs: sumOutputs,
  bytes: encodeOnnx({
    inputs: sumInputs,
    outputs: sumOutputs,
    nodes: [
      { op: "Add", inputs: ["a", "b"], outputs: ["sum"] },
      { op: "Mul", inputs: ["a", "b"], outputs: ["product"] },
      { op: "Identity", inputs: ["label"], outputs: ["same"] },
    ],
  }),
  compute: ({ a, b, label }) => ({
    sum: combine(a!, b!, (x, y) => x + y),
    product: combine(a!, b!, (x, y) => x * y),
    same: structuredClone(label!),
  }),
};

/** Every graph of the suite. */
export const conformanceModels: readonly ConformanceModel[] = [...Object.values(echoModels), sumModel];
