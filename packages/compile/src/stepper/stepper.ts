/** What a backend does for a training: it holds the state and takes steps. */
import type { Batch, Numbers, Sizes, State } from "../tensors.ts";

export interface StepRequest {
  readonly batch: Batch;
  /** Of the symbolic dims in this batch. */
  readonly sizes: Sizes;
  readonly learningRate: number;
  /** Counted from 1 over the whole training; the noise hangs on it. */
  readonly step: number;
}

/** Calls come one at a time: the next only when the last has settled. */
export interface Stepper {
  /**
   * Takes one step. When it rejects, or the loss is not finite, the state stays as it was.
   *
   * @throws {AttuneError} what the engine throws.
   */
  step(request: StepRequest): Promise<Numbers>;
  /** Measures a batch on the present state. */
  evaluate(request: Pick<StepRequest, "batch" | "sizes">): Promise<Numbers>;
  /** A copy of the present state. */
  readState(): Promise<State>;
  /** Replaces the whole state. */
  loadState(state: State): Promise<void>;
  /**
   * Back to the state before the last step that was taken; the one before it is not kept.
   *
   * @returns whether there was one to go back to.
   */
  undo(): boolean;
  /** Frees all memory. */
  close(): Promise<void>;
}
