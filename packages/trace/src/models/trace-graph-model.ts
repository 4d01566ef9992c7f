/** A tfjs GraphModel → an ONNX model. */
import { AttuneError, isAttuneError } from "@attune/contracts";
import type { Model } from "@attune/onnx";
import type { NamedTensorMap, Tensor } from "@tensorflow/tfjs-core";
import type { TraceSession } from "../backend/trace-session.ts";
import { type TensorsByName, traceToModel } from "../trace-function.ts";
import { type GraphModelLike, listAsyncNodes, withNodePaths } from "./graph-model.ts";
import { uniqueNames } from "./model-names.ts";
import { modelSignature, type TraceModelOptions } from "./model-signature.ts";

/**
 * Traces what `model.execute` computes. Inputs and outputs are named as in the model's signature, or after their nodes;
 * weights and nodes after the nodes of the graph they come from.
 *
 * @param model - tfjs-converter's `GraphModel`.
 * @throws {AttuneError} `TRACE_UNSUPPORTED` with every kernel that has no ONNX form, and every node that needs
 * `executeAsync`; `TRACE_SIGNATURE`, `TRACE_HOST_READ`, `TRACE_FROZEN`, `TRACE_SHAPE_DEPENDENT`.
 */
export function traceGraphModel(model: GraphModelLike, options: TraceModelOptions = {}): Model {
  const { dims, name = "graph model", ...rest } = options;
  const issues = listAsyncNodes(model);
  if (issues.length > 0) throw new AttuneError("TRACE_UNSUPPORTED", { what: name, issues });
  const inputNames = uniqueNames(model.inputNodes.map(withoutIndex));
  const inputs = model.inputs.map(({ dtype, shape }, at) => ({ name: inputNames[at] ?? "", dtype, shape }));
  const outputNames = uniqueNames(model.outputNodes.map(withoutIndex), inputNames);
  const weightNames = new Map(
    Object.entries(model.weights).flatMap(([node, tensors]) => tensors.map((tensor) => [tensor, node])),
  );
  const run = (tensors: TensorsByName): TensorsByName => {
    const given: NamedTensorMap = {};
    for (const [at, node] of model.inputNodes.entries())
      given[node] = tensors[inputNames[at] ?? ""] as Tensor;
    const outputs = model.execute(given, [...model.outputNodes]);
    const list = Array.isArray(outputs) ? outputs : [outputs];
    return Object.fromEntries(outputNames.map((output, at) => [output, list[at] as Tensor]));
  };
  return traceToModel(
    (tensors, session) => runNodes(model, session, name, () => run(tensors)),
    modelSignature(inputs, name, dims),
    { ...rest, name, weightNames },
  );
}

/** `name:0` is the first output of the node `name`. */
function withoutIndex(name: string): string {
  return name.replace(/:0$/, "");
}

function runNodes<Result>(
  model: GraphModelLike,
  { recorder, issues }: TraceSession,
  what: string,
  body: () => Result,
): Result {
  recorder.placeOf = (path) => `in node "${path}"`;
  return withNodePaths(model, recorder.path, () => {
    try {
      return body();
    } catch (cause) {
      if (isAttuneError(cause)) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      const node = recorder.path.length > 0 ? `node "${recorder.path.join("/")}": ` : "";
      throw new AttuneError("TRACE_UNSUPPORTED", { what, issues: [...issues, node + reason] }, { cause });
    }
  });
}
