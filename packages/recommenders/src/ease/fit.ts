/** Fits EASE: the better of its two exact forms for the shape at hand, streamed into a neighbour table. */
import { AttuneError, type Interactions } from "@attune/contracts";
import { meanSquaredWeight, measureShape } from "../interactions/shape.ts";
import { createNeighbourCollector } from "../neighbour-table/collect.ts";
import { tableTensors } from "../neighbour-table/table.ts";
import { pause } from "@attune/train";
import type { FitHooks, Tensors } from "@attune/train";
import type { EaseConfig } from "./config.ts";
import { solveDual } from "./dual.ts";
import { solvePrimal } from "./primal.ts";

/** One float64 square matrix of the smaller side may take this much: 11,585 users or items. */
export const matrixLimitBytes = 2 ** 30;

/** Steps of a solver. */
export interface EaseSolver {
  /** λ in the unit of the squared weights. */
  readonly lambda: number;
  readonly pause: () => Promise<void>;
  /**
   * Takes one row of the weight matrix.
   *
   * @param row - `[items]` B[source, ·]; its own entry is meaningless. Reused for the next row.
   */
  readonly onRow: (source: number, row: Float64Array) => void;
}

/** Users × users is the smaller system. */
export function isDual(userCount: number, itemCount: number): boolean {
  return userCount < itemCount;
}

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
  const { userCount, itemCount } = measureShape(interactions);
  checkEaseSize(userCount, itemCount, limitBytes);
  const collector = createNeighbourCollector(itemCount, config.neighbours);
  await (isDual(userCount, itemCount) ? solveDual : solvePrimal)(interactions, {
    lambda: config.regularization * meanSquaredWeight(interactions),
    pause: () => pause("ease", hooks.signal),
    onRow: collector.add,
  });
  return tableTensors(collector.table());
}

/** @throws {AttuneError} `TRAIN_TOO_LARGE` */
export function checkEaseSize(userCount: number, itemCount: number, limitBytes = matrixLimitBytes): void {
  const side = Math.min(userCount, itemCount);
  const what = isDual(userCount, itemCount) ? "users" : "items";
  const bytes = side * side * 8;
  if (bytes <= limitBytes) return;
  throw new AttuneError("TRAIN_TOO_LARGE", {
    kind: "ease",
    what: `the ${what} × ${what} matrix (${side} × ${side})`,
    bytes,
    limitBytes,
    hint: "raise data.rules.minItemEvents or minUserEvents, or leave ease out of train.models",
  });
}
