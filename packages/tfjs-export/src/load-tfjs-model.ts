/** A user's tfjs model, loaded: what a trace turns into ONNX and what parity is measured against. */
import { AttuneError } from "@attune/contracts";
import type { GraphModel } from "@tensorflow/tfjs-converter";
import type { io } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { examineTfjsModel, type TfjsModelFile } from "./files/read-tfjs-model.ts";
import { listGraphInputs } from "./graph-model/graph-inputs.ts";
import { listUnknownOps } from "./graph-model/graph-ops.ts";
import { splitFused } from "./graph-model/split-fused.ts";
import { explainLayersFailure, listUnknownClasses } from "./layers-model/layers-failure.ts";
import { listLayersInputs } from "./layers-model/layers-inputs.ts";
import type { ModelInput } from "./model-input.ts";
import { importTfjs, type Tfjs } from "./tfjs.ts";

/** `inputs` in the model's order, under the names that feed it. */
export type LoadedTfjsModel = { readonly inputs: readonly ModelInput[] } & (
  | { readonly kind: "layers"; readonly model: LayersModel }
  | { readonly kind: "graph"; readonly model: GraphModel }
);

/**
 * Loads model.json and its weights, quantized ones included, on the current backend of tfjs (cpu when none is set). The
 * caller disposes the model. Custom layers and ops must be registered before, with `tf.serialization.registerClass` and
 * `tf.registerOp`.
 *
 * @throws {AttuneError} `EXPORT_TFJS_MODEL` with every problem; `FILE_READ` when there is no such file.
 */
export async function loadTfjsModel(modelPath: string): Promise<LoadedTfjsModel> {
  const [tfjs, { issues, json, file }] = await Promise.all([importTfjs(), examineTfjsModel(modelPath)]);
  if (file !== undefined) return file.kind === "layers" ? loadLayers(tfjs, file) : loadGraph(tfjs, file);
  const classes =
    json.kind === "layers" && json.topology !== undefined ? listUnknownClasses(tfjs, json.topology) : [];
  throw new AttuneError("EXPORT_TFJS_MODEL", { path: modelPath, issues: [...issues, ...classes] });
}

async function loadLayers(tfjs: Tfjs, file: TfjsModelFile): Promise<LoadedTfjsModel> {
  const model = await tfjs.layers.loadLayersModel(handlerOf(file.artifacts)).catch(async (cause: unknown) => {
    throw failure(file, await explainLayersFailure(tfjs, file, cause), cause);
  });
  const issues: string[] = [];
  const inputs = listLayersInputs(model, issues);
  if (issues.length === 0) return { kind: "layers", model, inputs };
  model.dispose();
  throw failure(file, issues);
}

async function loadGraph(tfjs: Tfjs, file: TfjsModelFile): Promise<LoadedTfjsModel> {
  const modelTopology = splitFused(file.topology);
  const handler = handlerOf({ ...file.artifacts, modelTopology });
  const model = await tfjs.converter.loadGraphModel(handler).catch((cause: unknown) => {
    throw failure(file, [cause instanceof Error ? cause.message : String(cause)], cause);
  });
  const issues = [...listUnknownOps(model, modelTopology)];
  const inputs = listGraphInputs(model, modelTopology, issues);
  if (issues.length === 0) return { kind: "graph", model, inputs };
  model.dispose();
  throw failure(file, issues);
}

function failure(file: TfjsModelFile, issues: readonly string[], cause?: unknown): AttuneError {
  return new AttuneError("EXPORT_TFJS_MODEL", { path: file.path, issues }, { cause });
}

/** tfjs asks a handler for what it would otherwise fetch; its own for files is part of tfjs-node only. */
function handlerOf(artifacts: io.ModelArtifacts): io.IOHandler {
  return { load: async () => artifacts };
}
