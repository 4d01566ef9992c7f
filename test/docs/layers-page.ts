/** docs/layers.md from the layer cases the ops they become, and the list of layers with a form of their own. */
import { drawWeights } from "../../packages/trace/src/fixtures/prepare-case.ts";
import { activationCases } from "../../packages/trace/src/layers/cases/activation.ts";
import { basicCases } from "../../packages/trace/src/layers/cases/basic.ts";
import { convolutionCases } from "../../packages/trace/src/layers/cases/convolution.ts";
import {
  buildModel,
  type LayerCase,
  type LayerCases,
} from "../../packages/trace/src/layers/cases/layer-case.ts";
import { mergeCases } from "../../packages/trace/src/layers/cases/merge.ts";
import { normalizationCases } from "../../packages/trace/src/layers/cases/normalization.ts";
import { poolingCases } from "../../packages/trace/src/layers/cases/pooling.ts";
import { preprocessingCases } from "../../packages/trace/src/layers/cases/preprocessing.ts";
import { recurrentCases } from "../../packages/trace/src/layers/cases/recurrent.ts";
import { wrapperCases } from "../../packages/trace/src/layers/cases/wrapper.ts";
import { interceptors } from "../../packages/trace/src/layers/interceptors.ts";
import { traceLayersModel } from "../../packages/trace/src/models/trace-layers-model.ts";

const families: Readonly<Record<string, LayerCases>> = {
  "Basic layers": basicCases,
  Activations: activationCases,
  "Convolution and size": convolutionCases,
  Merging: mergeCases,
  Normalization: normalizationCases,
  Pooling: poolingCases,
  Recurrent: recurrentCases,
  Wrappers: wrapperCases,
  Preprocessing: preprocessingCases,
};

export function layersPage(): string {
  const sections = Object.entries(families).flatMap(([family, cases]) => [
    `## ${family}`,
    "",
    "| factory | ONNX ops | checked with | note |",
    "|---|---|---|---|",
    ...Object.entries(cases).map(([factory, entry]) => row(factory, entry)),
    "",
  ]);
  return [
    "# Layers",
    "",
    "Every factory of `tf.layers`, and how `traceLayersModel` and `attune export --tfjs` write it. Generated from the cases that the tests run",
    "(`pnpm generate:docs`): each is exported with a symbolic batch, opset 21, and agrees with tfjs's cpu backend in onnxruntime-node within 1e-5",
    "(relative above 1) at three batch sizes; the first of each also in onnxruntime-web under Chromium. *ONNX ops* are those of the first case; other",
    "options may need others. *Free* axes are `null` in the model's shape.",
    "",
    "A layer becomes the kernels that it runs in tfjs, one by one ([kernels.md](kernels.md)), so layers of your own need nothing special; a few",
    "become ONNX's own ops instead, and have a note. What only training uses (dropout, noise) leaves nothing in an exported model.",
    "",
    ...sections,
  ].join("\n");
}

function row(factory: string, entry: LayerCases[string]): string {
  if ("skip" in entry) return `| ${factory} | refused | – | ${entry.skip} |`;
  return `| ${factory} | ${opsOf(entry[0])} | ${entry.map(caseText).join(" · ")} | ${noteOf(factory)} |`;
}

function opsOf(layerCase: LayerCase | undefined): string {
  if (layerCase === undefined) return "";
  const model = buildModel(layerCase);
  // Of weights that are all alike a graph could make something simpler.
  drawWeights(model, 1);
  const { nodes } = traceLayersModel(model, layerCase.options).graph;
  model.dispose();
  return [...new Set(nodes.map(({ op }) => op))].join(", ");
}

/** tfjs names a factory as its class, but for upper and lower case. */
function noteOf(factory: string): string {
  const isOwn = (layer: string) => layer.toLowerCase() === factory.toLowerCase();
  return interceptors.find(({ layers }) => layers.some(isOwn))?.note ?? "";
}

function caseText({ name, tolerance }: LayerCase): string {
  return tolerance === undefined ? name : `${name} (within ${tolerance.value}: ${tolerance.why})`;
}
