/** Registers the backend with tfjs, once, and runs code under it. */
import { AttuneError } from "@attune/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { withGradients } from "../gradients/index.ts";
import { kernels, refusedKernels } from "../kernels/index.ts";
import { createTraceSession } from "./create-trace-session.ts";
import { TraceBackend } from "./trace-backend.ts";
import type { SessionOptions, TraceSession } from "./trace-session.ts";

const backendName = "attune-trace";

/** Below any real backend, so that tfjs never chooses it by itself. */
const lowestPriority = -1000;

/** The one instance; tfjs keeps its backends and kernels in one global list, and so its state is not ours to copy. */
function findBackend(): TraceBackend {
  const registered = tf.engine().findBackend(backendName);
  if (registered !== null) return registered as TraceBackend;
  tf.registerBackend(backendName, () => new TraceBackend(), lowestPriority);
  const backend = tf.engine().findBackend(backendName) as TraceBackend;
  for (const kernel of kernels) {
    register(kernel.kernel, ({ inputs, attrs }) => backend.session.runKernel(kernel, inputs, attrs ?? {}));
  }
  for (const { kernel, reason } of refusedKernels) {
    register(kernel, ({ inputs, attrs }) =>
      backend.session.refuseKernel(kernel, reason, inputs, attrs ?? {}),
    );
  }
  return backend;
}

function register(kernelName: string, kernelFunc: tf.KernelConfig["kernelFunc"]): void {
  tf.registerKernel({ kernelName, backendName, kernelFunc });
}

/** The trace under way; `undefined` where code computes. */
export function currentSession(): TraceSession | undefined {
  const backend = tf.engine().findBackend(backendName) as TraceBackend | null;
  return backend?.isTracing ? backend.session : undefined;
}

/**
 * Runs `body` with tfjs set to the tracing backend, and sets back what was before. Synchronous from end to end, so
 * no other code of the program ever sees the tracing backend.
 *
 * @throws {AttuneError} `TRACE_UNSUPPORTED` with every kernel, dtype and option that was refused.
 */
export function withTrace<Result>(options: SessionOptions, body: (session: TraceSession) => Result): Result {
  const engine = tf.engine();
  const backend = findBackend();
  if (backend.isTracing) {
    throw new AttuneError("TRACE_UNSUPPORTED", {
      what: options.what,
      issues: ["it was called inside another traced function"],
    });
  }
  const before = engine.backendName ?? "cpu";
  const session = createTraceSession(backend, options);
  // Both are set before the promise is made: only a backend that starts asynchronously would wait.
  void engine.setBackend(backendName);
  backend.session = session;
  let result: Result;
  engine.startScope("trace");
  try {
    result = withGradients(() => body(session));
  } finally {
    engine.endScope();
    backend.session = undefined;
    void engine.setBackend(before);
  }
  if (session.issues.length > 0) {
    throw new AttuneError("TRACE_UNSUPPORTED", { what: options.what, issues: session.issues });
  }
  return result;
}
