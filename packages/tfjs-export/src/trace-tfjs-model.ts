/** A loaded tfjs model → an ONNX model. */
import type { Model } from "@attune/onnx";
import type { LoadedTfjsModel } from "./load-tfjs-model.ts";

export interface TfjsExportOptions {
  /** Opset of ai.onnx, 17 to 21. Default 21. */
  readonly opset?: number;
}

/**
 * Weights, preprocessing inside the model and all its layers in one graph, with the batch left free.
 *
 * @throws {AttuneError} what `traceLayersModel` and `traceGraphModel` throw; every unsupported part is listed at once.
 */
export async function traceTfjsModel(
  loaded: LoadedTfjsModel,
  options: TfjsExportOptions = {},
): Promise<Model> {
  // tfjs takes a moment to load, so only those who export its models wait.
  const { traceGraphModel, traceLayersModel } = await import("@attune/trace");
  return loaded.kind === "layers"
    ? traceLayersModel(loaded.model, options)
    : traceGraphModel(loaded.model, options);
}
