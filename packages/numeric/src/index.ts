/** Numbers without a model: what several machines and families compute with. Pure functions; imports contracts only. */

// Sparse matrices
export { type CompressedRows, transposeRows } from "./compressed-rows.ts";
// Matrices
export {
  countInversePauses,
  type InvertOptions,
  invertPositiveDefinite,
} from "./positive-definite/invert.ts";
// Quantiles
export { quantile } from "./quantile.ts";
// Randomness
export { createRandom, type Random } from "./random.ts";
