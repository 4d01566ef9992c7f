/** What the bench and its load generator, a process of its own, say to each other. */

export interface LoadOrder {
  readonly port: number;
  readonly path: string;
  /** Sent one after the other, over and over. */
  readonly bodies: readonly string[];
  /** Each sends its next request when it has its answer. */
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadReport {
  readonly answers: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Share of a core that the generator took: near 1 it is what was measured. Absent where nothing generates. */
  readonly generatorBusy?: number;
}

/** Why a measurement is worthless: answers that are not 200, connections that broke. */
export interface LoadProblem {
  readonly problem: string;
}
