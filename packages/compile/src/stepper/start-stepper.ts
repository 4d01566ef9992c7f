/** Starts the backend that was asked for, or the first of the list that works. */
import { AttuneError, isAttuneError } from "@attune/contracts";
import type { TrainingProblem } from "../problem.ts";
import { type Backend, type BackendName, type BackendOptions, backends } from "./backends.ts";
import type { Stepper } from "./stepper.ts";

export interface StartedBackend {
  readonly stepper: Stepper;
  /** Makes a stepper on the same backend for another form of the problem. */
  readonly createStepper: (problem: TrainingProblem) => Promise<Stepper>;
  readonly choice: BackendChoice;
}

/** Which backend trains, and why. */
export interface BackendChoice {
  readonly backend: BackendName;
  /** A sentence: what was asked for, or why the ones before it in the list were passed over. */
  readonly reason: string;
}

/**
 * @throws {AttuneError} `TRAIN_OPTIONS` for an unknown name, `TRAIN_BACKEND` when it does not start here, and what
 * tracing or the engine say of the loss. `auto` passes over a backend that does not start, or that cannot hold the
 * loss, but not over a loss that is wrong on all of them.
 */
export async function startStepper(
  problem: TrainingProblem,
  wanted: BackendName | "auto",
  options: BackendOptions,
): Promise<StartedBackend> {
  const { name: kind } = problem;
  const startOn = async (backend: Backend, reason: string): Promise<StartedBackend> => {
    const createStepper: StartedBackend["createStepper"] = (form) => backend.createStepper(form, options);
    return {
      stepper: await createStepper(problem),
      createStepper,
      choice: { backend: backend.name, reason },
    };
  };
  if (wanted !== "auto") {
    const backend = backends.find(({ name }) => name === wanted);
    if (backend === undefined) {
      const issues = [`no backend "${wanted}"; there are ${listNames()} and auto`];
      throw new AttuneError("TRAIN_OPTIONS", { kind, issues });
    }
    const reason = await backend.start(options);
    if (reason !== undefined) throw new AttuneError("TRAIN_BACKEND", { kind, backend: wanted, reason });
    return startOn(backend, "asked for by name");
  }
  const passedOver: string[] = [];
  for (const backend of backends) {
    const reason = await backend.start(options);
    if (reason !== undefined) {
      passedOver.push(`${backend.name}: ${reason}`);
      continue;
    }
    try {
      return await startOn(backend, [...passedOver, backend.summary].join("; "));
    } catch (error) {
      if (!isLimit(error)) throw error;
      passedOver.push(`${backend.name}: ${error.message}`);
    }
  }
  throw new AttuneError("TRAIN_BACKEND", { kind, backend: "auto", reason: passedOver.join("; ") });
}

/** Whether it says something of the engine, not of the loss. */
function isLimit(error: unknown): error is AttuneError {
  const codes = [
    "TRACE_UNSUPPORTED",
    "TRACE_SHAPE_DEPENDENT",
    "TRACE_HOST_READ",
    "TRACE_FROZEN",
    "RUNTIME_LOAD",
  ] as const;
  return codes.some((code) => isAttuneError(error, code));
}

function listNames(): string {
  return backends.map(({ name }) => name).join(", ");
}
