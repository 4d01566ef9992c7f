/** Appends ONNX's recurrent ops to a trace. */
import * as tf from "@tensorflow/tfjs-core";
import type { TraceSession } from "../backend/trace-session.ts";
import type { Attributes, TracedValue } from "../recorder/traced-value.ts";
import type { RecurrentCell } from "./recurrent-cell.ts";

export interface CellRun {
  readonly session: TraceSession;
  /** One per direction: a cell, or a forward and a backward one of the same kind. */
  readonly cells: readonly RecurrentCell[];
  /** `[length, batch, in]` */
  readonly x: TracedValue;
  readonly isReverse: boolean;
  /** `[batch, units]` each, those of the first cell first; none = zeros. */
  readonly initial: readonly (readonly tf.Tensor[])[];
  /** `[batch]`, int32, ≥ 1: steps that count; those behind are not computed. Default all. */
  readonly lengths?: TracedValue;
}

export interface CellResult {
  /** `[length, directions, batch, units]`, in the order of x. */
  readonly sequence: TracedValue;
  /** `[directions, batch, units]` each: h, and c of an LSTM. */
  readonly states: readonly TracedValue[];
}

/** @see https://onnx.ai/onnx/operators/onnx__LSTM.html (and GRU, RNN) */
export function runCells({ session, cells, x, isReverse, initial, lengths }: CellRun): CellResult {
  const [first] = cells as readonly [RecurrentCell];
  const stateCount = first.op === "LSTM" ? 2 : 1;
  const stacked = (parts: readonly (tf.Tensor | undefined)[]): TracedValue | undefined =>
    parts.every((part) => part !== undefined)
      ? session.valueOf(tf.concat(parts.map((part) => tf.expandDims(part, 0))))
      : undefined;
  const states = Array.from({ length: stateCount }, (_, at) =>
    stacked(cells.map((_, d) => initial[d]?.[at])),
  );
  const [sequence, ...last] = session.graph.nodes(
    first.op,
    [
      x,
      stacked(cells.map(({ kernel }) => kernel)),
      stacked(cells.map(({ recurrentKernel }) => recurrentKernel)),
      stacked(cells.map(({ bias }) => bias)),
      lengths,
      ...states,
    ],
    1 + stateCount,
    attributesOf(cells, isReverse),
  );
  return { sequence: sequence as TracedValue, states: last };
}

function attributesOf(cells: readonly RecurrentCell[], isReverse: boolean): Attributes {
  const activations = cells.flatMap((cell) => cell.activations);
  const alphas = activations.flatMap(({ alpha }) => alpha ?? []);
  const betas = activations.flatMap(({ beta }) => beta ?? []);
  const direction = cells.length === 2 ? "bidirectional" : isReverse ? "reverse" : "forward";
  return {
    hidden_size: cells[0]?.units ?? 0,
    direction,
    activations: activations.map(({ name }) => name),
    ...(alphas.length > 0 && { activation_alpha: alphas }),
    ...(betas.length > 0 && { activation_beta: betas }),
  };
}
