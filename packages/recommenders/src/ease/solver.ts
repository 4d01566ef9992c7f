/** What both exact forms of EASE have in common: one square matrix to invert, and rows that come out of it. */

/** One of the two systems of some interactions; λ is not in it yet. */
export interface EaseSystem {
  /** Rows of the square matrix. */
  readonly side: number;
  /** `[side, side]` products of the weights, the lower triangle only. */
  readonly gram: Float64Array;
  /** How often `solve` pauses. */
  readonly pauseCount: number;
  /**
   * Solves for one λ.
   *
   * @param matrix - a copy of `gram`, or `gram` itself when it is not needed again; it is overwritten.
   * @throws {AttuneError} `NUMERIC_NOT_POSITIVE_DEFINITE`, and what `pause` throws.
   */
  solve(matrix: Float64Array, solver: EaseSolver): Promise<void>;
}

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
