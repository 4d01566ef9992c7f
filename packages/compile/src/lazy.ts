/** `compileTraining` for programs that may never train: tfjs, which takes a moment to load, comes with the first call. */
import type { Loss } from "@attune/trace";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { CompileLossOptions, CompileModelOptions, Training } from "./index.ts";

/** As in `@attune/train/compiled`, which loads tfjs at once and runs in browsers too. */
export async function compileTraining(model: LayersModel, options: CompileModelOptions): Promise<Training>;
export async function compileTraining(loss: Loss, options: CompileLossOptions): Promise<Training>;
export async function compileTraining(
  subject: LayersModel | Loss,
  options: CompileModelOptions | CompileLossOptions,
): Promise<Training> {
  const { compileTraining: compile } = await import("./compile.ts");
  return compile(subject as Loss, options as CompileLossOptions);
}
