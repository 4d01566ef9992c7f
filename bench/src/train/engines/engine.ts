/** What an engine is: a command that speaks the line protocol. */

export interface Engine {
  readonly name: string;
  readonly summary: string;
  /** A peer is a library from another ecosystem: the fastest of them is what we are held against. */
  readonly kind: "ours" | "tfjs" | "peer";
  /** Program and arguments. */
  readonly command: readonly [program: string, ...args: string[]];
  /** The workloads it is for; all of them when absent. */
  readonly workloads?: readonly string[];
  /** What to do when it is absent. */
  readonly install?: string;
  /** The first step, with whatever is compiled for it; a slower engine is left out. */
  readonly firstStepLimitSeconds: number;
}
