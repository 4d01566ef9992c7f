/** One finished trace, as unification gets it. */
import type { Recorder } from "../recorder/recorder.ts";
import type { TracedValue } from "../recorder/traced-value.ts";

export interface Trace {
  readonly recorder: Recorder;
  readonly outputs: readonly { readonly name: string; readonly value: TracedValue }[];
}
