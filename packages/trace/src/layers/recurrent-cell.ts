/** tfjs's cells in ONNX's words: gate order, biases, activations. */
import * as tf from "@tensorflow/tfjs-core";
import { classNameOf, type Layer } from "./layer.ts";

/** A cell that one of ONNX's recurrent ops computes. */
export interface RecurrentCell {
  readonly op: "LSTM" | "GRU" | "RNN";
  readonly units: number;
  /** `[gates · units, in]` */
  readonly kernel: tf.Tensor2D;
  /** `[gates · units, units]` */
  readonly recurrentKernel: tf.Tensor2D;
  /** `[2 · gates · units]`: the bias of tfjs, and zeros for the recurrent one that tfjs has not. */
  readonly bias: tf.Tensor1D | undefined;
  readonly activations: readonly CellActivation[];
}

export interface CellActivation {
  readonly name: string;
  readonly alpha?: number;
  readonly beta?: number;
}

/** Activations of tfjs that ONNX's recurrent ops have, by class name. */
const activations: Readonly<Record<string, CellActivation>> = {
  tanh: { name: "Tanh" },
  sigmoid: { name: "Sigmoid" },
  hardSigmoid: { name: "HardSigmoid", alpha: 0.2, beta: 0.5 },
  relu: { name: "Relu" },
  linear: { name: "Affine", alpha: 1, beta: 0 },
  elu: { name: "Elu", alpha: 1 },
  softplus: { name: "Softplus" },
  softsign: { name: "Softsign" },
};

export const cellActivations: readonly string[] = Object.keys(activations);

/** How tfjs's kinds of cell map: where ONNX's gates lie among tfjs's, and which activations the op asks for. */
const kinds = {
  LSTMCell: { op: "LSTM", gates: [0, 3, 1, 2], activations: ["recurrent", "own", "own"] },
  GRUCell: { op: "GRU", gates: [0, 1, 2], activations: ["recurrent", "own"] },
  SimpleRNNCell: { op: "RNN", gates: [0], activations: ["own"] },
} as const;

interface Activation {
  getClassName(): string;
}

interface TfjsCell extends Layer {
  readonly units: number;
  readonly activation: Activation;
  readonly recurrentActivation?: Activation;
  readonly kernel: { read(): tf.Tensor2D };
  readonly recurrentKernel: { read(): tf.Tensor2D };
  readonly bias: { read(): tf.Tensor1D } | null;
}

/** The cells of a layer's cell: those of a stack, first to last, or the one. */
export function listCells(cell: Layer): readonly Layer[] {
  return classNameOf(cell) === "StackedRNNCells" ? (cell as Layer & { cells: Layer[] }).cells : [cell];
}

/** Why no ONNX op computes the cell; `undefined` = one does. */
export function whyNoOp(cell: Layer): string | undefined {
  const kind = kindOf(cell);
  if (kind === undefined) return `its cell ${cell.getClassName()} is not one that ONNX has an op for`;
  const { activation, recurrentActivation } = cell as TfjsCell;
  const unknown = [activation, recurrentActivation]
    .flatMap((part) => part?.getClassName() ?? [])
    .filter((name) => !(name in activations));
  return unknown.length === 0
    ? undefined
    : `ONNX's ${kind.op} has no activation ${[...new Set(unknown)].join(", ")}, only ${cellActivations.join(", ")}`;
}

/** The cell for its op. Only for cells that `whyNoOp` says nothing against. */
export function readCell(cell: Layer): RecurrentCell {
  const { units, activation, recurrentActivation, kernel, recurrentKernel, bias } = cell as TfjsCell;
  const { op, gates, activations: roles } = kindOf(cell) ?? kinds.SimpleRNNCell;
  const order = <T extends tf.Tensor>(weight: T): T => orderGates(weight, gates);
  const inputBias = bias === null ? undefined : order(bias.read());
  return {
    op,
    units,
    kernel: tf.transpose(order(kernel.read())),
    recurrentKernel: tf.transpose(order(recurrentKernel.read())),
    bias: inputBias && tf.concat([inputBias, tf.zerosLike(inputBias)]),
    activations: roles.map((role) => {
      const chosen = role === "own" ? activation : (recurrentActivation ?? activation);
      return activations[chosen.getClassName()] as CellActivation;
    }),
  };
}

function kindOf(cell: Layer) {
  const name = classNameOf(cell);
  return name !== undefined && name in kinds ? kinds[name as keyof typeof kinds] : undefined;
}

/** The blocks of the last axis in another order. */
function orderGates<T extends tf.Tensor>(weight: T, gates: readonly number[]): T {
  if (gates.every((gate, at) => gate === at)) return weight;
  const blocks = tf.split(weight, gates.length, -1);
  return tf.concat(
    gates.map((gate) => blocks[gate] as T),
    -1,
  );
}
