/** Inputs of a LayersModel, and which of them are ids. */
import type { LayersModel, layers, SymbolicTensor } from "@tensorflow/tfjs-layers";
import { describeInput, type ModelInput, smallestCount } from "../model-input.ts";

/** @param issues - receives a line for each input that cannot be filled. */
export function listLayersInputs(model: LayersModel, issues: string[]): readonly ModelInput[] {
  return model.inputs.flatMap((input, at) =>
    describeInput(
      {
        // tfjs makes the tensors' own names unique in the process.
        name: model.inputNames[at] ?? input.name,
        dtype: input.dtype,
        shape: input.shape,
        idCount: countIds(input),
      },
      issues,
    ),
  );
}

/** Layers whose outputs hold the values of their input. */
const passing: readonly string[] = [
  "Concatenate",
  "Dropout",
  "Flatten",
  "Masking",
  "Permute",
  "RepeatVector",
  "Reshape",
];

/** Rows of the tables that a tensor's values are looked up in, the smallest of them. */
function countIds(tensor: SymbolicTensor): number | undefined {
  const uses = tensor.sourceLayer.outboundNodes.filter((node) => node.inputTensors.includes(tensor));
  return smallestCount(
    uses.map(({ outboundLayer, inputTensors, outputTensors }) => {
      const inner = innerInputs(outboundLayer)[inputTensors.indexOf(tensor)];
      if (inner !== undefined) return countIds(inner);
      const className = outboundLayer.getClassName();
      if (passing.includes(className)) return smallestCount(outputTensors.map(countIds));
      const { inputDim, numTokens } = outboundLayer.getConfig();
      const rows =
        className === "Embedding" ? inputDim : className === "CategoryEncoding" ? numTokens : undefined;
      return typeof rows === "number" ? rows : undefined;
    }),
  );
}

/** Inputs of a model used as a layer; none of a plain layer. */
function innerInputs(layer: layers.Layer): readonly SymbolicTensor[] {
  return "inputs" in layer && Array.isArray(layer.inputs) ? layer.inputs : [];
}
