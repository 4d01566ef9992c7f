/** Fits EASE: the better of its two exact forms for the shape at hand, streamed into a neighbour table. */
import type { Interactions } from "@attune/contracts";
import type { FitHooks, Tensors } from "@attune/train";
import { pause } from "@attune/train";
import { meanSquaredWeight, measureShape } from "../interactions/shape.ts";
import { createNeighbourCollector } from "../neighbour-table/collect.ts";
import { tableTensors } from "../neighbour-table/table.ts";
import type { EaseConfig } from "./config.ts";
import { solveDual } from "./dual.ts";
import { solvePrimal } from "./primal.ts";
import { isDual, matrixLimitBytes, refuseLargeEase } from "./size.ts";

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
  refuseLargeEase(userCount, itemCount, limitBytes);
  const collector = createNeighbourCollector(itemCount, config.neighbours);
  await (isDual(userCount, itemCount) ? solveDual : solvePrimal)(interactions, {
    lambda: config.regularization * meanSquaredWeight(interactions),
    pause: () => pause("ease", hooks.signal),
    onRow: collector.add,
  });
  return tableTensors(collector.table());
}
