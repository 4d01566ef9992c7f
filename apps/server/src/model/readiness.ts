/** Whether the server may answer, and why not: the state behind `/readyz`. */
import { AttuneError } from "@attune/contracts";

/** What must hold before the first answer, in this order. */
export const readinessSteps = ["sha256", "checker", "load", "warm-up", "golden rows"] as const;

export type ReadinessStep = (typeof readinessSteps)[number];
export type ReadinessState = "starting" | "ready" | "failed" | "draining";
export type StepState = "pending" | "running" | "passed" | "failed";

export interface ReadinessReport {
  readonly state: ReadinessState;
  readonly steps: Readonly<Record<ReadinessStep, StepState>>;
  /** Why it is not ready, one line each; empty when it is. Codes only: messages may hold paths and go to the log. */
  readonly reasons: readonly string[];
}

/** The state machine: starting → ready | failed, and from any of them → draining. */
export interface Readiness {
  readonly state: ReadinessState;
  report(): ReadinessReport;
  /** Runs one step and records how it went; what it throws passes through. */
  run<T>(step: ReadinessStep, work: () => T | Promise<T>): Promise<T>;
  /** All steps have passed. Without effect while draining. */
  becomeReady(): void;
  drain(): void;
  /** @throws {AttuneError} `SERVER_NOT_READY` unless the state is ready. */
  assertReady(): void;
}

export function createReadiness(): Readiness {
  const steps = Object.fromEntries(readinessSteps.map((step) => [step, "pending"])) as Record<
    ReadinessStep,
    StepState
  >;
  const failures: string[] = [];
  let state: ReadinessState = "starting";

  function reasons(): string[] {
    if (state === "ready") return [];
    if (state === "draining") return ["draining: the server is closing"];
    if (state === "failed") return failures;
    return readinessSteps.filter((step) => steps[step] !== "passed").map((step) => `${step}: ${steps[step]}`);
  }

  return {
    get state() {
      return state;
    },
    report: () => ({ state, steps: { ...steps }, reasons: reasons() }),
    async run(step, work) {
      steps[step] = "running";
      try {
        const result = await work();
        steps[step] = "passed";
        return result;
      } catch (cause) {
        steps[step] = "failed";
        failures.push(`${step}: ${codeOf(cause)}; the log has the rest`);
        if (state === "starting") state = "failed";
        throw cause;
      }
    },
    becomeReady() {
      if (state === "starting") state = "ready";
    },
    drain() {
      state = "draining";
    },
    assertReady() {
      if (state !== "ready") throw new AttuneError("SERVER_NOT_READY", { state });
    },
  };
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "failed";
}
