/** EASE by the users × users system: exact, by the Woodbury identity. For fewer users than items. */
import type { Interactions } from "@attune/contracts";
import { countInversePauses, invertPositiveDefinite } from "@attune/numeric";
import { groupByItem, type ItemColumns } from "../interactions/by-item.ts";
import type { EaseSolver, EaseSystem } from "./solver.ts";

/**
 * (XᵀX + λI)⁻¹ = (I − Xᵀ M X) / λ with M = (XXᵀ + λI)⁻¹, so a row of the left side costs one pass over the events.
 *
 * Memory: one `[users, users]` float64 matrix and a few rows. Time: users³/2 + items × events multiply-adds.
 * @see Woodbury 1950; Golub & Van Loan, Matrix Computations, §2.1.4.
 */
export function createDualSystem(interactions: Interactions): EaseSystem {
  const compact = dropInactiveUsers(interactions);
  const columns = groupByItem(compact);
  return {
    side: compact.userCount,
    gram: computeUserGram(columns, compact.userCount),
    pauseCount: countInversePauses(compact.userCount) + Math.floor(compact.itemCount / 64),
    solve: (inverse, solver) => solveDual(compact, columns, inverse, solver),
  };
}

async function solveDual(
  { userCount, itemCount }: Interactions,
  columns: ItemColumns,
  inverse: Float64Array,
  solver: EaseSolver,
): Promise<void> {
  const { users, weights } = columns;
  for (let u = 0; u < userCount; u++) inverse[u * userCount + u]! += solver.lambda;
  await invertPositiveDefinite(inverse, userCount, solver);

  const scale = scaleColumns(columns, inverse, userCount);
  const projected = new Float64Array(userCount);
  const row = new Float64Array(itemCount);
  for (let item = 0; item < itemCount; item++) {
    // Off the diagonal the left side is −(Xᵀ M x_item) / λ; sign and λ cancel in B = −P diag(P)⁻¹.
    projected.fill(0);
    for (let e = columns.offsets[item]!; e < columns.offsets[item + 1]!; e++) {
      const start = users[e]! * userCount;
      const weight = weights[e]!;
      for (let u = 0; u < userCount; u++) projected[u]! += weight * inverse[start + u]!;
    }
    for (let j = 0; j < itemCount; j++) {
      let sum = 0;
      const end = columns.offsets[j + 1]!;
      for (let e = columns.offsets[j]!; e < end; e++) sum += projected[users[e]!]! * weights[e]!;
      row[j] = sum * scale[j]!;
    }
    solver.onRow(item, row);
    if (item % 64 === 63) await solver.pause();
  }
}

/** Users without events would only add rows of λ to the system. */
function dropInactiveUsers(interactions: Interactions): Interactions {
  const starts = [...new Set(interactions.offsets)];
  return { ...interactions, userCount: starts.length - 1, offsets: Int32Array.from(starts) };
}

/** `[users, users]` lower triangle of XXᵀ. */
function computeUserGram(columns: ItemColumns, userCount: number): Float64Array {
  const gram = new Float64Array(userCount * userCount);
  const { offsets, users, weights } = columns;
  for (let item = 0; item + 1 < offsets.length; item++) {
    const end = offsets[item + 1]!;
    for (let a = offsets[item]!; a < end; a++) {
      const row = users[a]! * userCount;
      const weight = weights[a]!;
      for (let b = offsets[item]!; b <= a; b++) gram[row + users[b]!]! += weight * weights[b]!;
    }
  }
  return gram;
}

/** `[items]` 1 / (1 − x_jᵀ M x_j): divides column j by the diagonal of the left side. */
function scaleColumns(columns: ItemColumns, inverse: Float64Array, userCount: number): Float64Array {
  const { offsets, users, weights } = columns;
  return Float64Array.from({ length: offsets.length - 1 }, (_, item) => {
    let quadratic = 0;
    for (let a = offsets[item]!; a < offsets[item + 1]!; a++) {
      const row = users[a]! * userCount;
      for (let b = offsets[item]!; b < offsets[item + 1]!; b++) {
        quadratic += weights[a]! * weights[b]! * inverse[row + users[b]!]!;
      }
    }
    return 1 / (1 - quadratic);
  });
}
