/** NaN and infinity among the weights. */
import type { Tensor } from "@attune/contracts";
import type { Model } from "../model.ts";
import { allGraphs } from "../subgraphs.ts";

export interface NonFinite {
  readonly initializer: string;
  /** How many of its elements are NaN or infinite. */
  readonly count: number;
  /** Row-major index of the first. */
  readonly firstIndex: number;
}

/**
 * Float initializers that hold NaN or infinity, in file order. Not part of `checkModel`: a mask may hold −Infinity on
 * purpose, weights may not.
 */
export function findNonFinite(model: Model): readonly NonFinite[] {
  return Array.from(allGraphs(model.graph))
    .flatMap(({ initializers }) => Array.from(initializers, ([name, tensor]) => inspect(name, tensor)))
    .filter(({ count }) => count > 0);
}

function inspect(initializer: string, { dtype, data }: Tensor): NonFinite {
  if (dtype !== "float32" && dtype !== "float64") return { initializer, count: 0, firstIndex: -1 };
  let count = 0;
  let firstIndex = -1;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    if (count === 0) firstIndex = i;
    count++;
  }
  return { initializer, count, firstIndex };
}
