/** Fits EASE: the better of its two exact forms for the shape at hand, streamed into a neighbour table. */
import { AttuneError, type Interactions, isAttuneError } from "@attune/contracts";
import { type FitHooks, pause, type Tensors } from "@attune/train";
import { meanSquaredWeight, measureShape } from "../interactions/shape.ts";
import { createNeighbourCollector } from "../neighbour-table/collect.ts";
import { tableTensors } from "../neighbour-table/table.ts";
import type { EaseConfig } from "./config.ts";
import { createDualSystem } from "./dual.ts";
import { createPrimalSystem } from "./primal.ts";
import { isDual, matrixLimitBytes, refuseLargeEase } from "./size.ts";
import type { EaseSystem } from "./solver.ts";

/**
 * B = I − P diag(P)⁻¹ with P = (XᵀX + λI)⁻¹, zero diagonal.
 *
 * @throws {AttuneError} `TRAIN_TOO_LARGE`, `TRAIN_NOT_FINITE`, `TRAIN_ABORTED`.
 * @see Steck 2019, "Embarrassingly shallow autoencoders for sparse data", eq. 8.
 */
export async function fitEase(
  interactions: Interactions,
  config: EaseConfig,
  hooks: FitHooks,
  limitBytes = matrixLimitBytes,
): Promise<Tensors> {
  const system = createSystem(interactions, limitBytes);
  return solveSystem(system, system.gram, interactions, config, hooks);
}

/**
 * The tensors of several settings in their order, each as `fitEase` gives them; the products of the weights are made
 * once, as long as two matrices fit into the limit of one.
 */
export async function* fitEases(
  interactions: Interactions,
  configs: readonly EaseConfig[],
  hooks: FitHooks,
  limitBytes = matrixLimitBytes,
): AsyncGenerator<{ readonly config: EaseConfig; readonly tensors: Tensors }> {
  const { userCount, itemCount } = measureShape(interactions);
  if (2 * 8 * Math.min(userCount, itemCount) ** 2 > limitBytes) {
    for (const config of configs) {
      yield { config, tensors: await fitEase(interactions, config, hooks, limitBytes) };
    }
    return;
  }
  const system = createSystem(interactions, limitBytes);
  const matrix = new Float64Array(system.gram.length);
  for (const config of configs) {
    matrix.set(system.gram);
    yield { config, tensors: await solveSystem(system, matrix, interactions, config, hooks) };
  }
}

function createSystem(interactions: Interactions, limitBytes: number): EaseSystem {
  const { userCount, itemCount } = measureShape(interactions);
  refuseLargeEase(userCount, itemCount, limitBytes);
  return (isDual(userCount, itemCount) ? createDualSystem : createPrimalSystem)(interactions);
}

async function solveSystem(
  system: EaseSystem,
  matrix: Float64Array,
  interactions: Interactions,
  config: EaseConfig,
  hooks: FitHooks,
): Promise<Tensors> {
  const collector = createNeighbourCollector(interactions.itemCount, config.neighbours);
  let pauses = 0;
  try {
    await system.solve(matrix, {
      lambda: config.regularization * meanSquaredWeight(interactions),
      pause() {
        pauses += 1;
        hooks.onProgress?.(pauses, system.pauseCount);
        return pause("ease", hooks.signal);
      },
      onRow: collector.add,
    });
  } catch (cause) {
    if (!isAttuneError(cause, "NUMERIC_NOT_POSITIVE_DEFINITE")) throw cause;
    const { row } = cause.details;
    const hint = "check the weights of the events, or raise regularization";
    throw new AttuneError(
      "TRAIN_NOT_FINITE",
      { kind: "ease", what: "the Cholesky factor", step: row, hint },
      { cause },
    );
  }
  return tableTensors(collector.table());
}
