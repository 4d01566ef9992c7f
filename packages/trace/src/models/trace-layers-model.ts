/** A tfjs LayersModel → an ONNX model. */
import type { Model } from "@attune/onnx";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { withHookedLayers } from "../layers/hook-layers.ts";
import { createInterception } from "../layers/interceptors.ts";
import { isLayer, listLayers } from "../layers/layer.ts";
import { type TensorsByName, traceToModel } from "../trace-function.ts";
import { uniqueNames } from "./model-names.ts";
import { modelSignature, type TraceModelOptions } from "./model-signature.ts";
import { withoutCallMasks } from "./nested-masks.ts";

/**
 * Traces what `model.predict` computes. Inputs and outputs are named after their layers (`_0`, `_1`, … where one layer
 * gives several outputs), weights as tfjs saves them (`dense_1/kernel`), nodes after the layers they belong to. LSTM,
 * GRU and SimpleRNN become ONNX's ops of these names. The model stays as it is.
 *
 * @throws {AttuneError} `TRACE_UNSUPPORTED` with every kernel and layer option that has no ONNX form; `TRACE_SIGNATURE`,
 * `TRACE_HOST_READ`, `TRACE_FROZEN`, `TRACE_SHAPE_DEPENDENT`.
 */
export function traceLayersModel(model: LayersModel, options: TraceModelOptions = {}): Model {
  const { dims, name = model.name, ...rest } = options;
  // A Sequential knows its names only when built.
  if (!model.built && model.inputs.length > 0) model.build(model.inputs.map(({ shape }) => shape));
  const inputNames = model.inputs.map((input, at) => model.inputNames[at] ?? input.name);
  const inputs = model.inputs.map(({ dtype, shape }, at) => ({ name: inputNames[at] ?? "", dtype, shape }));
  const signature = modelSignature(inputs, name, dims);
  const outputNames = uniqueNames(model.outputNames, inputNames);
  const weightNames = new Map<Tensor, string>(
    model.weights.map((weight) => [weight.read(), weight.originalName]),
  );
  const layers = model.layers.filter(isLayer).flatMap(listLayers);
  const intercept = createInterception();
  return traceToModel(
    (tensors, session) =>
      withoutCallMasks(layers, () =>
        withHookedLayers([...new Set(layers)], { session, what: name, override: intercept() }, () =>
          predict(model, inputNames, outputNames, tensors),
        ),
      ),
    signature,
    { ...rest, name, weightNames },
  );
}

/** All outputs for one batch. */
function predict(
  model: LayersModel,
  inputNames: readonly string[],
  outputNames: readonly string[],
  tensors: TensorsByName,
): TensorsByName {
  const inputs = inputNames.map((name) => tensors[name] as Tensor);
  const outputs = model.predictOnBatch(inputs.length === 1 ? (inputs[0] as Tensor) : inputs);
  const list = Array.isArray(outputs) ? outputs : [outputs];
  return Object.fromEntries(outputNames.map((name, at) => [name, list[at] as Tensor]));
}
