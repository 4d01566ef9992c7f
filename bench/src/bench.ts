/** What a benchmark is: a value in the list of `main.ts`. */

/** A figure and everything needed to doubt it. Printed as one JSON line and kept in `bench/results`. */
export type BenchResult = Readonly<Record<string, unknown>>;

export interface Bench {
  readonly name: string;
  readonly summary: string;
  /** Its own flags, one line each. */
  readonly flags: readonly string[];
  /** False for what only makes something to measure with. Default true. */
  readonly keepsResult?: boolean;
  /**
   * Measures.
   *
   * @param argv - the arguments after the name.
   * @param say - a line for people, on stderr.
   * @throws {BenchError} when it cannot be measured here; the message says what to do.
   */
  run(argv: readonly string[], say: (line: string) => void): Promise<BenchResult>;
}

/** Something a person can put right: a wrong flag, a missing artifact. */
export class BenchError extends Error {
  override readonly name = "BenchError";
}
