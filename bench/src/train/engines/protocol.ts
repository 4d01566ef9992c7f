/**
 * The line protocol between the bench and an engine's process. The first line in is an `EngineStart`, every later one
 * `run N`, or `memory` where the engine can tell; each gets one `EngineReply` line. stderr is for people.
 */

/** Where the workload lies and how many threads may work on it. */
export interface EngineStart {
  readonly dir: string;
  readonly threads: number;
}

export interface EngineReady {
  readonly ready: true;
  readonly versions: Readonly<Record<string, string>>;
}

/** Time of all steps together, and the loss before each. */
export interface EngineRan {
  readonly milliseconds: number;
  readonly losses: readonly number[];
}

/** After a full garbage collection. */
export interface EngineMemory {
  /** What the process holds of the machine's memory. */
  readonly residentBytes: number;
  /** Objects and buffers that are still reachable. */
  readonly heldBytes: number;
}

/** Why the engine cannot do it: a package or kernel that is missing. */
export interface EngineProblem {
  readonly problem: string;
}

export type EngineReply = EngineReady | EngineRan | EngineMemory | EngineProblem;
