/** Recurrent layers over `[length, batch, in]`. */
import type { Dim } from "@attune/contracts";
import { type Dims, unifyDim, unifyDims } from "../../dims.ts";
import {
  type AttributeDefinition,
  defineOp,
  type InferContext,
  type OpDefinition,
  optional,
  param,
  type ValueType,
} from "../define.ts";
import { requireRank } from "../rules.ts";

/** Activations of gates, as ONNX names them. Those after Tanh take `activation_alpha`, some `activation_beta`. */
const activations = [
  "Sigmoid",
  "Relu",
  "Tanh",
  "Softsign",
  "Softplus",
  "Affine",
  "LeakyRelu",
  "ThresholdedRelu",
  "ScaledTanh",
  "HardSigmoid",
  "Elu",
];

/** How the kinds of cell differ. */
interface Cell {
  readonly op: string;
  /** Blocks of rows in W and R. */
  readonly gates: number;
  /** Activations per direction. */
  readonly activations: number;
  readonly attributes: Readonly<Record<string, AttributeDefinition>>;
}

function infer(ctx: InferContext, cell: Cell): readonly ValueType[] {
  const hidden = ctx.int("hidden_size") ?? 0;
  const directions = ctx.string("direction") === "bidirectional" ? 2 : 1;
  if (hidden < 1) ctx.issue(`hidden_size must be at least 1, not ${hidden}`);
  if (ctx.int("layout") !== 0) ctx.issue("layout must be 0 (length first): ONNX Runtime has no other");
  checkActivations(ctx, directions * cell.activations);
  for (const [index, name] of ["X", "W", "R"].entries()) requireRank(ctx, index, name, 3);
  const [length, batch, size] = ctx.dims(0) ?? [];
  const width = typeof unifyDim(size, ctx.dims(1)?.[2]) === "object" ? undefined : size;
  const wanted: [name: string, dims: Dims][] = [
    ["X", [length, batch, ctx.dims(1)?.[2]]],
    ["W", [directions, cell.gates * hidden, width]],
    ["R", [directions, cell.gates * hidden, hidden]],
    ["B", [directions, 2 * cell.gates * hidden]],
    ["sequence_lens", [batch]],
    ["initial_h", [directions, batch, hidden]],
    ["initial_c", [directions, batch, hidden]],
    ["P", [directions, 3 * hidden]],
  ];
  wanted.forEach(([name, dims], index) => {
    const { issue } = unifyDims(ctx.dims(index), dims);
    if (issue !== undefined) ctx.issue(`${name}: ${issue}`);
  });
  const state: readonly Dim[] = [directions, batch, hidden];
  return [{ dims: [length, ...state] }, { dims: state }, { dims: state }];
}

function checkActivations(ctx: InferContext, count: number): void {
  const given = ctx.strings("activations");
  if (given === undefined) return;
  if (given.length !== count) ctx.issue(`activations has ${given.length} names, not ${count}`);
  const unknown = given.filter((name) => !activations.includes(name));
  if (unknown.length > 0) {
    ctx.issue(`activations ${unknown.join(", ")} are not among ${activations.join(", ")}`);
  }
}

function recurrent(cell: Cell): OpDefinition {
  const isLstm = cell.op === "LSTM";
  return defineOp({
    op: cell.op,
    since: 14,
    inputs: [
      param("X"),
      param("W"),
      param("R"),
      optional("B"),
      optional("sequence_lens", "int32"),
      optional("initial_h"),
      ...(isLstm ? [optional("initial_c"), optional("P")] : []),
    ],
    outputs: [optional("Y"), optional("Y_h"), ...(isLstm ? [optional("Y_c")] : [])],
    types: { T: ["float32"] },
    attributes: {
      hidden_size: { type: "int", required: true },
      direction: { type: "string", default: "forward", oneOf: ["forward", "reverse", "bidirectional"] },
      activations: { type: "strings" },
      activation_alpha: { type: "floats" },
      activation_beta: { type: "floats" },
      clip: { type: "float" },
      layout: { type: "int", default: 0 },
      ...cell.attributes,
    },
    infer: (ctx) => infer(ctx, cell),
  });
}

export const recurrentOps: readonly OpDefinition[] = [
  recurrent({ op: "RNN", gates: 1, activations: 1, attributes: {} }),
  recurrent({
    op: "GRU",
    gates: 3,
    activations: 2,
    attributes: { linear_before_reset: { type: "int", default: 0 } },
  }),
  recurrent({
    op: "LSTM",
    gates: 4,
    activations: 3,
    attributes: { input_forget: { type: "int", default: 0 } },
  }),
];
