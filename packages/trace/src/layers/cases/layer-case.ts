/**
 * Cases of tfjs's layers as data: each is a small model, exported with a symbolic batch and compared with tfjs. The
 * tests run them in onnxruntime-node and in a browser.
 */
import type * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import type { Fill } from "../../kernels/cases/kernel-case.ts";
import type { TfDtype } from "../../kernels/define.ts";
import type { TraceModelOptions } from "../../models/model-signature.ts";

/** A layer as its factory gives it. */
export type AnyLayer = tfl.layers.Layer;

export interface LayerInput {
  readonly dtype: TfDtype;
  /** Without the batch; `null` is free, and runs at several sizes. */
  readonly dims: readonly (number | null)[];
  /** Default `[-2, 2)`. */
  readonly fill?: Fill;
}

export interface LayerCase {
  /** What is special about it: "relu, no bias". */
  readonly name: string;
  readonly inputs: readonly LayerInput[];
  /** The layers, from inputs to outputs. */
  build(inputs: readonly tfl.SymbolicTensor[]): tfl.SymbolicTensor | readonly tfl.SymbolicTensor[];
  /** Largest difference, relative above 1. Default 1e-5. */
  readonly tolerance?: { readonly value: number; readonly why: string };
  /** Size of free dims beside the batch in each run. Default 4, 1, 7. */
  readonly lengths?: readonly [number, number, number];
  readonly options?: TraceModelOptions;
  /** Stands for `model.predict` where tfjs-backend-cpu is wrong or fails. */
  readonly reference?: {
    readonly why: string;
    run(model: tfl.LayersModel, inputs: readonly tf.Tensor[]): readonly tf.Tensor[];
  };
}

/** Factory → its cases, or why it has none. */
export type LayerCases = Readonly<Record<string, readonly LayerCase[] | { readonly skip: string }>>;

export function float(dims: LayerInput["dims"], fill?: Fill): LayerInput {
  return { dtype: "float32", dims, ...(fill && { fill }) };
}

export function int(dims: LayerInput["dims"], fill: Fill): LayerInput {
  return { dtype: "int32", dims, fill };
}

/** A case of one layer with one input. */
export function layerCase(
  name: string,
  input: LayerInput,
  create: () => AnyLayer,
  rest: Partial<LayerCase> = {},
): LayerCase {
  return { name, inputs: [input], build: ([x]) => applyLayer(create(), x as tfl.SymbolicTensor), ...rest };
}

/** A layer with one output, put after `x`. */
export function applyLayer(
  layer: AnyLayer,
  x: tfl.SymbolicTensor | readonly tfl.SymbolicTensor[],
): tfl.SymbolicTensor {
  const y = layer.apply(Array.isArray(x) ? [...x] : (x as tfl.SymbolicTensor));
  return (Array.isArray(y) ? y[0] : y) as tfl.SymbolicTensor;
}

/** A layer with several outputs. */
export function applyAll(
  layer: AnyLayer,
  x: tfl.SymbolicTensor | readonly tfl.SymbolicTensor[],
): readonly tfl.SymbolicTensor[] {
  return layer.apply(Array.isArray(x) ? [...x] : (x as tfl.SymbolicTensor)) as tfl.SymbolicTensor[];
}

/** The model of a case. */
export function buildModel({ inputs, build }: LayerCase): tfl.LayersModel {
  const symbols = inputs.map(({ dims, dtype }, at) => tfl.input({ shape: [...dims], dtype, name: `x${at}` }));
  const outputs = build(symbols);
  return tfl.model({
    inputs: symbols,
    outputs: Array.isArray(outputs) ? [...outputs] : (outputs as tfl.SymbolicTensor),
  });
}
