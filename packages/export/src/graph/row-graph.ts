/** What the graphs of the row-wise tasks share: columns in, a fragment in the middle, the task's tail behind. */
import type { PredictTask } from "@attune/contracts";
import { type EncodedColumns, encodeColumns, type ScoringModel } from "@attune/features";
import { createGraph, type GraphBuilder, int64Tensor, type Model, type Value } from "@attune/onnx";
import { declareColumns } from "./column-inputs.ts";
import { finishGraph } from "./finish-graph.ts";
import { describeOrigin, type GraphOrigin } from "./metadata.ts";

export interface RowGraphInput<T extends PredictTask> extends GraphOrigin {
  readonly model: ScoringModel<T>;
}

export interface RowGraphOptions {
  readonly task: PredictTask;
  readonly model: ScoringModel<PredictTask>;
  readonly origin: GraphOrigin;
  /** Names of the task's outputs, which no column may have. */
  readonly outputs: readonly string[];
  /** Problems of the model besides its columns, for the same error. Default: none. */
  readonly issues?: readonly string[];
  /** Adds the fragment (in `own`, a scope called as its kind) and the outputs. */
  readonly build: (graph: GraphBuilder, own: GraphBuilder, columns: EncodedColumns) => void;
}

/** @throws {AttuneError} `EXPORT_COLUMNS`, `EXPORT_NOT_FINITE`, `ONNX_INVALID`. */
export function buildRowGraph(options: RowGraphOptions): Model {
  const { task, model, origin, outputs, issues = [], build } = options;
  const { columns } = model.fragment;
  const graph = createGraph();
  const none = columns.length === 0 ? [`${model.kind} reads no column: a graph needs an input`] : [];
  const raw = declareColumns(graph, columns, { taken: outputs, also: [...none, ...issues] });
  build(graph, graph.scope(model.kind), encodeColumns(graph.scope("columns"), columns, raw));
  return finishGraph(graph, { name: task, metadata: describeOrigin(task, model.kind, origin) });
}

/** `[batch, 1]` → `[batch]` */
export function squeezeColumn(graph: GraphBuilder, value: Value, name: string): Value {
  return graph.node("Squeeze", [value, graph.constant("last", int64Tensor([1]))], { name });
}
