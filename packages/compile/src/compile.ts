/** From a loss to a training. */
import { AttuneError } from "@attune/contracts";
import { type Loss, learningRateOf, type Noise } from "@attune/trace";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { Learner } from "./learner.ts";
import { createModelProblem, explainFailure } from "./model/model-problem.ts";
import { createNoiseSource } from "./noise/noise-source.ts";
import {
  type CompileLossOptions,
  type CompileModelOptions,
  type CompileOptions,
  checkCompileOptions,
} from "./options.ts";
import type { TrainingProblem } from "./problem.ts";
import { startStepper } from "./stepper/start-stepper.ts";
import { createTraining, type Training } from "./training.ts";

/**
 * Compiles a model or a loss, its gradients and an optimizer into steps that a backend runs.
 *
 * A model is compiled by its own `model.compile` where loss, metrics or an optimizer's name are given, and trains as
 * `model.fit` would: the same losses, metrics, regularizers, moving statistics and class weights.
 *
 * A loss takes a batch by name and gives one number, or `{ loss, metrics }`. Random numbers come from its second
 * argument.
 *
 * @throws {AttuneError} `TRAIN_OPTIONS` with every option that does not fit; `TRAIN_BACKEND` when the backend does not
 * start; `TRACE_LOSS`, `TRACE_UNREACHED`, `TRACE_SIGNATURE` for a loss that cannot be trained on; what `traceFunction`
 * throws; `RUNTIME_LOAD`.
 */
export async function compileTraining(model: LayersModel, options: CompileModelOptions): Promise<Training>;
export async function compileTraining(loss: Loss, options: CompileLossOptions): Promise<Training>;
export async function compileTraining(
  subject: LayersModel | Loss,
  options: CompileModelOptions | CompileLossOptions,
): Promise<Training> {
  const isModel = typeof subject !== "function";
  const kind = options.name ?? (isModel ? subject.name : "training");
  const issues = checkCompileOptions(options);
  if (issues.length > 0) throw new AttuneError("TRAIN_OPTIONS", { kind, issues });
  const problem = isModel
    ? createModelProblem(subject, options as CompileModelOptions)
    : createLossProblem(kind, subject, options as CompileLossOptions);
  return startTraining(problem, options).catch((error: unknown) => {
    throw isModel ? explainFailure(subject, error) : error;
  });
}

async function startTraining(problem: TrainingProblem, options: CompileOptions): Promise<Training> {
  const { seed = 0, backend = "onnxruntime", createSession, threadCount = 1, onEvent } = options;
  const noise = createNoiseSource(seed);
  const started = await startStepper(problem, backend, { createSession, threadCount, noise });
  onEvent?.({ type: "backend", ...started.choice });
  const learningRate = learningRateOf(problem.optimizer);
  return createTraining(new Learner({ problem, ...started, seed, learningRate }));
}

function createLossProblem(name: string, loss: Loss, options: CompileLossOptions): TrainingProblem {
  const { signature, variables, state = {}, optimizer, ranges = {}, clip, weightDecay } = options;
  const { evaluate = (batch) => loss(batch, refuseNoise(name)) } = options;
  return {
    name,
    signature,
    weights: {},
    variables,
    state,
    loss,
    evaluate,
    optimizer,
    ranges,
    prepare: (data) => data,
    update: { ...(clip && { clip }), ...(weightDecay && { weightDecay }) },
  };
}

function refuseNoise(kind: string): Noise {
  const refuse = (): never => {
    const issues = ["the loss asks for noise, so it cannot measure; give `evaluate`, the loss without noise"];
    throw new AttuneError("TRAIN_OPTIONS", { kind, issues });
  };
  return { uniform: refuse, normal: refuse };
}
