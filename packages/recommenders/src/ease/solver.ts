/** What both exact forms of EASE are given. */

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
