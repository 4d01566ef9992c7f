/** The one list of backends, in the order in which `auto` tries them. */
import type { CreateSession } from "@attune/contracts";
import type { NoiseSource } from "../noise/noise-source.ts";
import type { TrainingProblem } from "../problem.ts";
import { createOnnxStepper } from "./onnx/onnx-stepper.ts";
import type { Stepper } from "./stepper.ts";
import { createEagerStepper } from "./tfjs/eager-stepper.ts";
import { startCpu } from "./tfjs/start-cpu.ts";
import { startTensorflow } from "./tfjs/start-tensorflow.ts";
import { startWasm } from "./tfjs/start-wasm.ts";

export type BackendName = "onnxruntime" | "tensorflow" | "wasm" | "cpu";

export interface BackendOptions {
  readonly createSession: CreateSession | undefined;
  readonly threadCount: number;
  readonly noise: NoiseSource;
}

export interface Backend {
  readonly name: BackendName;
  /** Why one would take it. */
  readonly summary: string;
  /** Starts the engine. Returns why it cannot, or `undefined`. */
  start(options: BackendOptions): Promise<string | undefined>;
  /** A stepper on the engine, once it has started. */
  createStepper(problem: TrainingProblem, options: BackendOptions): Promise<Stepper>;
}

export const backends: readonly Backend[] = [
  {
    name: "onnxruntime",
    summary: "the whole step is one compiled graph",
    start: async ({ createSession }) =>
      createSession === undefined
        ? "it needs `createSession`, of @attune/runtime-node or @attune/runtime-web"
        : undefined,
    createStepper: (problem, { createSession, ...options }) =>
      createOnnxStepper(problem, { ...options, createSession: createSession as CreateSession }),
  },
  eager("tensorflow", "TensorFlow's native kernels, op by op", startTensorflow),
  eager("wasm", "tfjs's WebAssembly kernels, op by op", startWasm),
  eager("cpu", "tfjs's plain JavaScript, which runs anywhere", startCpu),
];

function eager(name: BackendName, summary: string, start: () => Promise<string | undefined>): Backend {
  return {
    name,
    summary,
    start,
    createStepper: async (problem, { noise }) => createEagerStepper(problem, { backend: name, noise }),
  };
}
