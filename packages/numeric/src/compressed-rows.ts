/** Sparse matrices by rows: what stands where, and nothing for the zeros. */

/** A sparse `[rows, columns]` matrix: row `r` has its entries at `[offsets[r], offsets[r + 1])`. */
export interface CompressedRows {
  readonly rowCount: number;
  readonly columnCount: number;
  /** `[rows + 1]` */
  readonly offsets: Int32Array;
  /** `[entries]` column of each; −1 for an entry outside the matrix, which every function here leaves out. */
  readonly columns: Int32Array;
  /** `[entries]` */
  readonly values: Float32Array;
}

/**
 * The transpose, by a counting sort: entries of a row of the result go by rising column, those of one column in the order
 * they had.
 */
export function transposeRows(matrix: CompressedRows): CompressedRows {
  const { rowCount, columnCount } = matrix;
  const offsets = new Int32Array(columnCount + 1);
  for (const column of matrix.columns) if (column >= 0) offsets[column + 1]! += 1;
  for (let column = 0; column < columnCount; column++) offsets[column + 1]! += offsets[column]!;

  const next = offsets.slice(0, columnCount);
  const columns = new Int32Array(offsets[columnCount]!);
  const values = new Float32Array(columns.length);
  for (let row = 0; row < rowCount; row++) {
    for (let entry = matrix.offsets[row]!; entry < matrix.offsets[row + 1]!; entry++) {
      const column = matrix.columns[entry]!;
      if (column < 0) continue;
      const at = next[column]!++;
      columns[at] = row;
      values[at] = matrix.values[entry]!;
    }
  }
  return { rowCount: columnCount, columnCount: rowCount, offsets, columns, values };
}
