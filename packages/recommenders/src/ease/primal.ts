/** EASE by the items × items system: one inverse of the regularised Gram matrix. For fewer items than users. */
import type { Interactions } from "@attune/contracts";
import { invertPositiveDefinite } from "@attune/numeric";
import type { EaseSolver } from "./solver.ts";

/** Memory: one `[items, items]` float64 matrix. Time: items³/2 multiply-adds. */
export async function solvePrimal(interactions: Interactions, solver: EaseSolver): Promise<void> {
  const n = interactions.itemCount;
  const inverse = computeGram(interactions);
  for (let i = 0; i < n; i++) inverse[i * n + i]! += solver.lambda;
  await invertPositiveDefinite(inverse, n, solver);

  const scale = Float64Array.from({ length: n }, (_, j) => -1 / inverse[j * n + j]!);
  for (let i = 0; i < n; i++) {
    const row = inverse.subarray(i * n, (i + 1) * n);
    for (let j = 0; j < n; j++) row[j]! *= scale[j]!;
    solver.onRow(i, row);
    if (i % 256 === 255) await solver.pause();
  }
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
