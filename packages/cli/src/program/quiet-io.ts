/** An io that prints nothing: what a command would say becomes events. */
import type { Io } from "../io.ts";

/** Something a step has to tell while it runs. */
export interface StepEvent {
  readonly step: "prepare" | "train" | "export" | "verify";
  /** One line or more for people: a share that is done, a note about the data, the sentence at the end. */
  readonly text: string;
}

export interface QuietOptions {
  readonly onEvent?: (event: StepEvent) => void;
  /** Ends a training between two of its steps with `TRAIN_ABORTED`, and keeps the next step from beginning with `CLI_STOPPED`. */
  readonly signal?: AbortSignal;
}

export function createQuietIo(step: StepEvent["step"], cwd: string, options: QuietOptions): Io {
  const { onEvent = () => {}, signal = new AbortController().signal } = options;
  return {
    cwd,
    env: process.env,
    interactive: false,
    json: true,
    signal,
    now: () => performance.now(),
    say: (text) => onEvent({ step, text }),
    draw: () => {},
    result: () => {},
    print: () => {},
  };
}
