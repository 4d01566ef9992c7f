export const numericErrors = {
  /** An argument is out of its range. */
  NUMERIC_ARGUMENT: (d: { what: string; expected: string; actual: string }) =>
    `${d.what}: expected ${d.expected}, got ${d.actual}`,
  /** A matrix that should be positive definite is not. */
  NUMERIC_NOT_POSITIVE_DEFINITE: (d: { row: number }) =>
    `the matrix is not positive definite (first seen at row ${d.row}); add to its diagonal, or look for values that are not finite`,
};
