/** Traces of requests, for whoever collects them. Off, nothing of OpenTelemetry is loaded, and a request costs one call that returns. */
import type { Tracing, TracingOptions } from "./trace-port.ts";

export type { RequestSpan, Tracing, TracingOptions } from "./trace-port.ts";

/** Off. */
export const noTracing: Tracing = {
  startRequest: () => undefined,
  close: () => Promise.resolve(),
};

/** Loads OpenTelemetry, and sends spans in batches by OTLP over HTTP, as JSON. Requests never wait for it. */
export async function createTracing(options: TracingOptions): Promise<Tracing> {
  const { createOtlpTracing } = await import("./otlp-tracing.ts");
  return createOtlpTracing(options);
}
