/**
 * Steps in two parts: an ONNX graph gives loss and gradients, and a WebAssembly kernel made for the optimizer overwrites
 * the state where it lies. No state is copied, and what takes the graph a dozen passes over memory takes one.
 */
import { AttuneError, type Tensor } from "@attune/contracts";
import type { TrainStep } from "@attune/trace";
import type { TrainingProblem } from "../../problem.ts";
import { createSparseBatch, sparseFunctions } from "../../sparse-batch/sparse-batch.ts";
import { copyTensor, type Numbers, numbersOf, writeTensor } from "../../tensors.ts";
import { createPackedKernel, takeNumbers } from "../../update-kernel/packed-kernel.ts";
import type { UpdateKernel } from "../../update-kernel/update-kernel.ts";
import type { Stepper, StepRequest } from "../stepper.ts";
import { createEvaluation } from "./evaluation.ts";
import { type GradientGraphs, openGraphs } from "./gradient-graphs.ts";
import { createNoiseFeed } from "./noise-feed.ts";
import type { OnnxStepperOptions } from "./options.ts";

/** A step that was cut at its optimizer. */
type SplitTrainStep = TrainStep & { readonly split: NonNullable<TrainStep["split"]> };

/** Whether a traced step can run in two parts. */
export function isSplit(traced: TrainStep): traced is SplitTrainStep {
  return traced.split !== undefined;
}

/** @throws {AttuneError} what `createSession` throws; `TRAIN_TOO_LARGE` beyond what WebAssembly can address. */
export async function createInPlaceStepper(
  problem: TrainingProblem,
  traced: SplitTrainStep,
  options: OnnxStepperOptions,
): Promise<Stepper> {
  const { threadCount } = options;
  const initial = Object.fromEntries(
    traced.state.map(({ name, initial: first }) => [name, first as Tensor<"float32">]),
  );
  const kernel = createPackedKernel(traced.split, initial, {
    threadCount,
    beside: traced.split.sparse ? sparseFunctions : [],
  });
  const graphs = await openGraphs(traced.split, options).catch(async (error: unknown) => {
    await kernel.close();
    throw error;
  });
  // What the kernel does not update: constant, or given anew by the graph.
  const others: Record<string, Tensor> = {};
  const updated = kernel.readState();
  for (const { name, initial: first } of traced.state) {
    if (!(name in updated)) others[name] = copyTensor(first);
  }
  const run = createRun(problem.name, { traced, graphs, kernel, others }, options);
  const evaluation = createEvaluation(problem, options);

  // A copy for measuring, as long as no step is taken.
  let measured: Readonly<Record<string, Tensor>> | undefined;

  return {
    step(request) {
      measured = undefined;
      return run(request);
    },
    evaluate({ batch }) {
      measured ??= { ...others, ...kernel.readState() };
      return evaluation.run({ ...measured, ...batch });
    },
    async readState() {
      const updated = kernel.readState();
      return Object.fromEntries(
        traced.state.map(({ name }) => [name, updated[name] ?? copyTensor(others[name] as Tensor)]),
      );
    },
    async loadState(state) {
      measured = undefined;
      kernel.writeState(state);
      for (const [name, tensor] of Object.entries(others)) writeTensor(tensor, state[name] as Tensor);
    },
    // The step before was overwritten; a bad gradient is found before that happens.
    undo: () => false,
    async close() {
      await Promise.all([graphs.close(), evaluation.close(), kernel.close()]);
    },
  };
}

interface Parts {
  readonly traced: SplitTrainStep;
  readonly graphs: GradientGraphs;
  readonly kernel: UpdateKernel;
  readonly others: Record<string, Tensor>;
}

function createRun(kind: string, { traced, graphs, kernel, others }: Parts, options: OnnxStepperOptions) {
  const { packing, sparse: sparseForm } = traced.split;
  const names = ["loss", ...traced.metrics];
  const given = traced.state.flatMap(({ name, next }) =>
    next !== undefined && graphs.dense.gives(next) ? [{ name, next }] : [],
  );
  const learningRate = { dtype: "float32", dims: [], data: new Float32Array(1) } as const;
  const feedNoise = createNoiseFeed(traced, options.noise);
  const sparseBatch = sparseForm && createSparseBatch(sparseForm.products, kernel);

  // Kept from step to step: of small models, what is made anew each time is a part of the time.
  const available: Record<string, Tensor> = { ...others, [traced.learningRate.name]: learningRate };
  const apart = names.filter((name) => !packing?.numbers.includes(name));
  let states: UpdateKernel["states"] | undefined;

  return async (request: StepRequest): Promise<Numbers> => {
    learningRate.data[0] = request.learningRate;
    // First, for the kernel's memory may grow.
    const sparse = sparseBatch?.multiply(request.batch);
    if (states !== kernel.states) {
      states = kernel.states;
      Object.assign(available, states);
    }
    Object.assign(available, request.batch, sparse?.feeds);
    feedNoise(available, request);
    const graph = sparse === undefined ? graphs.dense : await graphs.sparse();
    const targets = sparse === undefined ? kernel.targets : { ...kernel.targets, ...sparse.into };
    const results = await graph.run(available, targets);
    const numbers = Object.assign(numbersOf(apart, results), packing && takeNumbers(packing, results));
    if (!Number.isFinite(numbers.loss)) return numbers;
    sparse?.fillGradients(results);
    const broken = kernel.apply(request.learningRate, results);
    if (broken !== undefined) {
      const { step } = request;
      throw new AttuneError("TRAIN_NOT_FINITE", { kind, what: `the gradient of ${broken}`, step });
    }
    for (const { name, next } of given) {
      others[name] = results[next] as Tensor;
      available[name] = others[name];
    }
    return numbers;
  };
}
