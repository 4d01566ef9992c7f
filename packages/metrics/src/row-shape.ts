/** Checks that figures of rows share: lengths and labels. */
import { AttuneError } from "@attune/contracts";

/** @throws {AttuneError} `METRICS_SHAPE` when an array is not as long as the rows are many. */
export function checkLength(what: string, actual: number, rows: number): void {
  if (actual === rows) return;
  throw new AttuneError("METRICS_SHAPE", { what, expected: `[${rows}]`, actual: `[${actual}]` });
}

/**
 * @returns the number of classes.
 * @throws {AttuneError} `METRICS_SHAPE` when the probabilities are no `[rows, classes]`, `METRICS_ARGUMENT` for a label
 * outside the classes.
 */
export function checkRows(probabilities: Float64Array, labels: Int32Array): number {
  const classes = labels.length === 0 ? 0 : probabilities.length / labels.length;
  if (!Number.isInteger(classes)) {
    const expected = `[${labels.length}, classes]`;
    throw new AttuneError("METRICS_SHAPE", {
      what: "probabilities",
      expected,
      actual: `[${probabilities.length}]`,
    });
  }
  const bad = labels.findIndex((label) => label < 0 || label >= classes);
  if (bad >= 0) {
    const expected = `a class in [0, ${classes})`;
    throw new AttuneError("METRICS_ARGUMENT", { what: `labels[${bad}]`, expected, actual: `${labels[bad]}` });
  }
  return classes;
}
