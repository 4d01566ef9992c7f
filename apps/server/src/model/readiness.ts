/** Whether the server may answer, and why not: the state behind `/readyz`. */
import { AttuneError } from "@attune/contracts";

/** What a version must pass before its first answer, in this order. */
export const readinessSteps = ["sha256", "checker", "load", "warm-up", "golden rows"] as const;

export type ReadinessStep = (typeof readinessSteps)[number];
export type ReadinessState = "starting" | "ready" | "failed" | "draining";
export type StepState = "pending" | "running" | "passed" | "failed";

/** Runs the steps of one load. */
export interface Steps {
  /** What the step throws passes through. */
  run<T>(step: ReadinessStep, work: () => T | Promise<T>): Promise<T>;
}

/** For loads beside something that answers already: nobody waits for their steps. */
export const unseenSteps: Steps = { run: async (_, work) => work() };

/** One version of a model. */
export interface ModelReadiness {
  readonly version: number;
  readonly state: string;
  /** Why it does not answer; absent when it does. */
  readonly code?: string;
}

export interface ReadinessReport {
  readonly state: ReadinessState;
  /** Of the version that answers when a request names none. */
  readonly steps: Readonly<Record<ReadinessStep, StepState>>;
  /** Why it is not ready, one line each; empty when it is. Codes only: messages may hold paths and go to the log. */
  readonly reasons: readonly string[];
  /** Name → its versions; absent where there is a single artifact. */
  readonly models?: Readonly<Record<string, readonly ModelReadiness[]>>;
}

/** The state machine: starting → ready | failed, failed → starting with the next attempt, and from any → draining. */
export interface Readiness extends Steps {
  readonly state: ReadinessState;
  report(): ReadinessReport;
  /** A new attempt: all steps are still to pass. Without effect once ready, or while draining. */
  begin(): void;
  /** Everything has passed. Without effect after a failure, or while draining. */
  becomeReady(): void;
  /** What went wrong outside the steps. Without effect unless starting. */
  fail(what: string, code: string): void;
  drain(): void;
  /** Where the report's `models` come from. */
  describeModels(models: () => NonNullable<ReadinessReport["models"]>): void;
  /** @throws {AttuneError} `SERVER_NOT_READY` unless the state is ready. */
  assertReady(): void;
}

export function createReadiness(): Readiness {
  let steps = all("pending");
  let failures: readonly string[] = [];
  let state: ReadinessState = "starting";
  let models: (() => NonNullable<ReadinessReport["models"]>) | undefined;

  function reasons(): readonly string[] {
    if (state === "ready") return [];
    if (state === "draining") return ["draining: the server is closing"];
    if (state === "failed") return failures;
    return readinessSteps.filter((step) => steps[step] !== "passed").map((step) => `${step}: ${steps[step]}`);
  }

  function fail(what: string, code: string): void {
    if (state !== "starting") return;
    state = "failed";
    failures = [`${what}: ${code}; the log has the rest`];
  }

  return {
    get state() {
      return state;
    },
    report: () => ({ state, steps: { ...steps }, reasons: reasons(), ...(models && { models: models() }) }),
    async run(step, work) {
      steps[step] = "running";
      try {
        const result = await work();
        steps[step] = "passed";
        return result;
      } catch (cause) {
        steps[step] = "failed";
        fail(step, codeOf(cause));
        throw cause;
      }
    },
    begin() {
      if (state !== "starting" && state !== "failed") return;
      state = "starting";
      steps = all("pending");
    },
    becomeReady() {
      if (state !== "starting") return;
      state = "ready";
      steps = all("passed");
    },
    fail,
    drain() {
      state = "draining";
    },
    describeModels(describe) {
      models = describe;
    },
    assertReady() {
      if (state !== "ready") throw new AttuneError("SERVER_NOT_READY", { state });
    },
  };
}

const all = (state: StepState) =>
  Object.fromEntries(readinessSteps.map((step) => [step, state])) as Record<ReadinessStep, StepState>;

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "failed";
}
