/** EASE by the items × items system: one inverse of the regularised Gram matrix. For fewer items than users. */
import type { Interactions } from "@attune/contracts";
import { countInversePauses, invertPositiveDefinite } from "@attune/numeric";
import type { EaseSystem } from "./solver.ts";

/** Memory: one `[items, items]` float64 matrix. Time: items³/2 multiply-adds. */
export function createPrimalSystem(interactions: Interactions): EaseSystem {
  const side = interactions.itemCount;
  return {
    side,
    gram: computeGram(interactions),
    pauseCount: countInversePauses(side) + Math.floor(side / 256),
    async solve(inverse, solver) {
      for (let i = 0; i < side; i++) inverse[i * side + i]! += solver.lambda;
      await invertPositiveDefinite(inverse, side, solver);

      const scale = Float64Array.from({ length: side }, (_, j) => -1 / inverse[j * side + j]!);
      for (let i = 0; i < side; i++) {
        const row = inverse.subarray(i * side, (i + 1) * side);
        for (let j = 0; j < side; j++) row[j]! *= scale[j]!;
        solver.onRow(i, row);
        if (i % 256 === 255) await solver.pause();
      }
    },
  };
}

/** `[items, items]` lower triangle of XᵀX. */
function computeGram(interactions: Interactions): Float64Array {
  const { userCount, itemCount, offsets, items, weights } = interactions;
  const gram = new Float64Array(itemCount * itemCount);
  for (let user = 0; user < userCount; user++) {
    const end = offsets[user + 1]!;
    for (let a = offsets[user]!; a < end; a++) {
      const row = items[a]! * itemCount;
      const weight = weights[a]!;
      for (let b = offsets[user]!; b < end; b++) {
        if (items[b]! <= items[a]!) gram[row + items[b]!]! += weight * weights[b]!;
      }
    }
  }
  return gram;
}
