/** What the bench and its load generator, a process of its own, say to each other. */

export interface LoadStart {
  readonly port: number;
  readonly light: readonly string[];
  /** For each light body, the ids of the right answer. */
  readonly expected: readonly (readonly string[])[];
  readonly heavy: readonly { readonly name: string; readonly body: string; readonly connections: number }[];
}

export type LoadOrder =
  /** Light requests as fast as they are answered, on so many connections. */
  | { readonly kind: "closed"; readonly connections: number; readonly seconds: number }
  /** So many light requests a second, whether they are answered or not; with the heavy ones beside, or without. */
  | {
      readonly kind: "open";
      readonly ratePerSecond: number;
      readonly seconds: number;
      readonly heavy: boolean;
    };

export interface LoadReport {
  readonly seconds: number;
  readonly sent: number;
  /** Status → count, of light requests; `"broken"` for connections that ended. */
  readonly statuses: Readonly<Record<string, number>>;
  /** By name of the heavy body. */
  readonly heavy: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Of accepted light requests, from when each was due, in milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of refused ones. */
  readonly refusedP99Ms: number;
  /** Answers with status 200 whose ids are not the right ones. */
  readonly wrong: number;
  /** 503 without Retry-After, of all kinds. */
  readonly withoutRetryAfter: number;
  /** Slowest answer of /healthz, asked every 100 ms on a connection of its own. */
  readonly healthMaxMs: number;
  readonly healthP99Ms: number;
  /** How late the generator itself was, at worst: above some milliseconds it is what was measured. */
  readonly generatorLagP99Ms: number;
  /** Requests that were due while no connection was free, and were sent late. */
  readonly late: number;
}
