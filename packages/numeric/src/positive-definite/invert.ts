/** In-place inverse of a symmetric positive definite matrix: float64, blocked, one buffer. Knows no models. */
import { AttuneError } from "@attune/contracts";

export interface InvertOptions {
  /** Awaited between blocks; may throw to stop. */
  readonly pause: () => Promise<void>;
}

/** Rows of a tile, and columns of a pass over it: two tiles of 64 × 256 doubles stay in a second-level cache. */
const tileRows = 64;
const passColumns = 256;

/** How often `invertPositiveDefinite` awaits `pause`: once a block of rows in each of three passes. */
export function countInversePauses(n: number): number {
  return 3 * Math.ceil(n / tileRows);
}

/**
 * Replaces `matrix` by its inverse. Cholesky factor L below the diagonal, then L⁻ᵀ above it, then their product:
 * n³/2 multiply-adds in all, and never a second n × n buffer.
 *
 * @param matrix - `[n, n]` row-major; only the lower triangle is read. Both triangles are written.
 * @throws {AttuneError} `NUMERIC_NOT_POSITIVE_DEFINITE` when the matrix is not positive definite.
 * @see Golub & Van Loan, Matrix Computations, §4.2 (block Cholesky).
 */
export async function invertPositiveDefinite(
  matrix: Float64Array,
  n: number,
  options: InvertOptions,
): Promise<void> {
  const diagonal = new Float64Array(n);
  await factor(matrix, n, diagonal, options);
  await invertFactor(matrix, n, diagonal, options);
  await multiplyFactors(matrix, n, diagonal, options);
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = diagonal[i]!;
    for (let j = 0; j < i; j++) matrix[j * n + i] = matrix[i * n + j]!;
  }
}

/** Lower triangle ← L with A = L Lᵀ; `diagonal` ← the diagonal of L. */
async function factor(m: Float64Array, n: number, diagonal: Float64Array, options: InvertOptions) {
  for (let j0 = 0; j0 < n; j0 += tileRows) {
    const j1 = Math.min(n, j0 + tileRows);
    for (let i0 = j0; i0 < n; i0 += tileRows) {
      addRowProducts(m, n, [i0, Math.min(n, i0 + tileRows)], [j0, j1], [0, j0], -1);
    }
    for (let j = j0; j < j1; j++) {
      const pivot = m[j * n + j]! - dot(m, j * n + j0, j * n + j0, j - j0);
      if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) {
        throw new AttuneError("NUMERIC_NOT_POSITIVE_DEFINITE", { row: j });
      }
      diagonal[j] = Math.sqrt(pivot);
      for (let i = j + 1; i < n; i++) {
        m[i * n + j] = (m[i * n + j]! - dot(m, i * n + j0, j * n + j0, j - j0)) / diagonal[j]!;
      }
    }
    await options.pause();
  }
}

/** Upper triangle ← V with V[j, i] = (L⁻¹)[i, j]; `diagonal` ← the diagonal of L⁻¹. */
async function invertFactor(m: Float64Array, n: number, diagonal: Float64Array, options: InvertOptions) {
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) m[i * n + j] = 0;
    diagonal[i] = 1 / diagonal[i]!;
  }
  for (let i0 = 0; i0 < n; i0 += tileRows) {
    const i1 = Math.min(n, i0 + tileRows);
    for (let j0 = 0; j0 < i0; j0 += tileRows) {
      addRowProducts(m, n, [j0, j0 + tileRows], [i0, i1], [j0 + tileRows, i0], 1);
    }
    for (let j = 0; j < i1; j++) {
      // What the tiles left out: columns of j's own tile, and those of i's.
      const tileEnd = Math.min(i0, j - (j % tileRows) + tileRows);
      for (let i = Math.max(i0, j + 1); i < i1; i++) {
        let sum = m[j * n + i]!;
        if (j < i0) sum += dot(m, i * n + j + 1, j * n + j + 1, tileEnd - j - 1);
        const start = Math.max(i0, j + 1);
        sum += dot(m, i * n + start, j * n + start, i - start);
        sum += m[i * n + j]! * diagonal[j]!;
        m[j * n + i] = -sum * diagonal[i]!;
      }
    }
    await options.pause();
  }
}

/** Lower triangle and `diagonal` ← V Vᵀ, the inverse. */
async function multiplyFactors(m: Float64Array, n: number, diagonal: Float64Array, options: InvertOptions) {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) m[i * n + j] = 0;
  for (let j0 = 0; j0 < n; j0 += tileRows) {
    const j1 = Math.min(n, j0 + tileRows);
    for (let i0 = 0; i0 <= j0; i0 += tileRows) {
      const i1 = Math.min(n, i0 + tileRows);
      // Within one tile this also writes above the diagonal, where V still is: done by hand below.
      if (i0 < j0) addRowProducts(m, n, [j0, j1], [i0, i1], [j1, n], 1);
      for (let i = i0; i < i1; i++) {
        for (let j = Math.max(j0, i + 1); j < j1; j++) {
          const end = i0 < j0 ? j1 : n;
          m[j * n + i]! += m[i * n + j]! * diagonal[j]! + dot(m, i * n + j + 1, j * n + j + 1, end - j - 1);
        }
      }
    }
    await options.pause();
  }
  for (let i = 0; i < n; i++) {
    const row = i * n + i + 1;
    diagonal[i] = diagonal[i]! ** 2 + dot(m, row, row, n - i - 1);
  }
}

type Range = readonly [from: number, to: number];

/** m[a, b] += sign · Σ_k m[a, k] m[b, k] for a in rows, b in columns, k in inner. */
function addRowProducts(m: Float64Array, n: number, rows: Range, columns: Range, inner: Range, sign: number) {
  for (let k0 = inner[0]; k0 < inner[1]; k0 += passColumns) {
    const k1 = Math.min(inner[1], k0 + passColumns);
    for (let a = rows[0]; a < rows[1]; a += 4) {
      let b = columns[0];
      if (a + 4 <= rows[1]) {
        for (; b + 2 <= columns[1]; b += 2) addTile(m, n, a, b, k0, k1, sign);
      }
      for (; b < columns[1]; b++) {
        for (let row = a; row < Math.min(a + 4, rows[1]); row++) {
          m[row * n + b]! += sign * dot(m, row * n + k0, b * n + k0, k1 - k0);
        }
      }
    }
  }
}

/** The 4 × 2 tile at (a, b): eight sums stay in registers while six rows stream past. */
function addTile(m: Float64Array, n: number, a: number, b: number, k0: number, k1: number, sign: number) {
  let a0 = a * n + k0;
  let a1 = a0 + n;
  let a2 = a1 + n;
  let a3 = a2 + n;
  let b0 = b * n + k0;
  let b1 = b0 + n;
  let s00 = 0;
  let s01 = 0;
  let s10 = 0;
  let s11 = 0;
  let s20 = 0;
  let s21 = 0;
  let s30 = 0;
  let s31 = 0;
  for (const end = a0 + k1 - k0; a0 < end; ) {
    const y0 = m[b0++]!;
    const y1 = m[b1++]!;
    const x0 = m[a0++]!;
    s00 += x0 * y0;
    s01 += x0 * y1;
    const x1 = m[a1++]!;
    s10 += x1 * y0;
    s11 += x1 * y1;
    const x2 = m[a2++]!;
    s20 += x2 * y0;
    s21 += x2 * y1;
    const x3 = m[a3++]!;
    s30 += x3 * y0;
    s31 += x3 * y1;
  }
  const out = a * n + b;
  m[out]! += sign * s00;
  m[out + 1]! += sign * s01;
  m[out + n]! += sign * s10;
  m[out + n + 1]! += sign * s11;
  m[out + 2 * n]! += sign * s20;
  m[out + 2 * n + 1]! += sign * s21;
  m[out + 3 * n]! += sign * s30;
  m[out + 3 * n + 1]! += sign * s31;
}

function dot(m: Float64Array, a: number, b: number, length: number): number {
  // Four sums, so that an addition need not wait for the one before it.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 4 <= length; k += 4) {
    s0 += m[a + k]! * m[b + k]!;
    s1 += m[a + k + 1]! * m[b + k + 1]!;
    s2 += m[a + k + 2]! * m[b + k + 2]!;
    s3 += m[a + k + 3]! * m[b + k + 3]!;
  }
  for (; k < length; k++) s0 += m[a + k]! * m[b + k]!;
  return s0 + s1 + (s2 + s3);
}
