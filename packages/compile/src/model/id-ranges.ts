/** Which numbers of a batch pick a row or a class, and how many there are to pick from. */
import type { LayersModel, layers, SymbolicTensor } from "@tensorflow/tfjs-layers";
import type { IdRange } from "../problem.ts";
import type { CompiledModel } from "./compiled-model.ts";

/** Inputs that go straight into an Embedding, and targets that are class numbers. */
export function listIdRanges(
  model: LayersModel,
  { isSparse }: CompiledModel,
  inputNames: readonly string[],
  targetNames: readonly string[],
): Readonly<Record<string, IdRange>> {
  const ranges: Record<string, IdRange> = {};
  for (const layer of model.layers) {
    if (layer.getClassName() !== "Embedding") continue;
    const count = Number(Reflect.get(layer, "inputDim"));
    for (const input of inputsOf(layer)) {
      const name = inputNames[model.inputs.indexOf(input as SymbolicTensor)];
      if (name === undefined || count >= (ranges[name]?.count ?? Infinity)) continue;
      ranges[name] = { count, what: `row of the embedding ${layer.name}` };
    }
  }
  for (const [at, target] of targetNames.entries()) {
    const count = model.outputs[at]?.shape.at(-1);
    if (isSparse[at] && count) ranges[target] = { count, what: "class" };
  }
  return ranges;
}

/** What a layer is called on in its models. */
function inputsOf(layer: layers.Layer): unknown[] {
  const nodes: readonly { readonly inputTensors?: readonly unknown[] }[] =
    Reflect.get(layer, "inboundNodes") ?? [];
  return nodes.flatMap(({ inputTensors = [] }) => inputTensors);
}
