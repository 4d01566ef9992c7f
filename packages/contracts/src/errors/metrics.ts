export const metricsErrors = {
  /** Lengths or dims disagree. */
  METRICS_SHAPE: (d: { what: string; expected: string; actual: string }) =>
    `${d.what}: expected shape ${d.expected}, got ${d.actual}`,
  /** An argument is out of its range. */
  METRICS_ARGUMENT: (d: { what: string; expected: string; actual: string }) =>
    `${d.what}: expected ${d.expected}, got ${d.actual}`,
};
