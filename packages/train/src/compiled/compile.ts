/** From a loss to a training. */
import { AttuneError } from "@attune/contracts";
import { type Loss, learningRateOf, type Noise } from "@attune/trace";
import { createNoiseSource } from "./noise/noise-source.ts";
import { type CompileLossOptions, type CompileOptions, checkCompileOptions } from "./options.ts";
import type { TrainingProblem } from "./problem.ts";
import { startStepper } from "./stepper/choose-backend.ts";
import { createTraining, type Training } from "./training.ts";

/**
 * Compiles a loss, its gradients and an optimizer into steps that a backend runs.
 *
 * @param loss - a batch by name → one number, or `{ loss, metrics }`. Random numbers come from its second argument.
 * @throws {AttuneError} `TRAIN_OPTIONS` with every option that does not fit; `TRAIN_BACKEND` when the backend does not
 * start; `TRACE_LOSS`, `TRACE_UNREACHED`, `TRACE_SIGNATURE` for a loss that cannot be trained on; what `traceFunction`
 * throws; `RUNTIME_LOAD`.
 */
export async function compileTraining(loss: Loss, options: CompileLossOptions): Promise<Training> {
  const issues = checkCompileOptions(options);
  const kind = options.name ?? "training";
  if (issues.length > 0) throw new AttuneError("TRAIN_OPTIONS", { kind, issues });
  return startTraining(createLossProblem(kind, loss, options), options);
}

async function startTraining(problem: TrainingProblem, options: CompileOptions): Promise<Training> {
  const { seed = 0, backend = "onnxruntime", createSession, threadCount = 1, onBackend } = options;
  const noise = createNoiseSource(seed);
  const { stepper, choice } = await startStepper(problem, backend, { createSession, threadCount, noise });
  onBackend?.(choice);
  return createTraining({ problem, stepper, choice, seed, learningRate: learningRateOf(problem.optimizer) });
}

function createLossProblem(name: string, loss: Loss, options: CompileLossOptions): TrainingProblem {
  const { signature, variables, state = {}, optimizer, clip, weightDecay } = options;
  const { evaluate = (batch) => loss(batch, refuseNoise(name)) } = options;
  return {
    name,
    signature,
    variables,
    state,
    loss,
    evaluate,
    optimizer,
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
