import type { Io } from "../io.ts";

/** One thing a machine must have. */
export interface Check {
  readonly name: string;
  /** What stops working when it fails. */
  readonly needed: string;
  /** Uses the thing. @returns what was found. Throws with the reason and what to do. */
  run(io: Io): Promise<string>;
}
