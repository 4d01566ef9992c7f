/** `Tracing` on the SDK of OpenTelemetry. Imported by `createTracing` alone, and only when there is a collector. */
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import {
  type Context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { ExportResultCode, parseTraceParent } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace-base";
import { packageVersion } from "../version.ts";
import type { RequestSpan, SpanFacts, Tracing, TracingOptions } from "./trace-port.ts";

/** One attempt to send, retries included. Longer would hold the process after its end. */
const exportTimeoutMs = 5000;

/** How long spans are gathered before they are sent. */
const batchDelayMs = 1000;

export function createOtlpTracing(options: TracingOptions): Tracing {
  const { endpoint, serviceName, ratio = 1, onFailure } = options;
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, "")}/v1/traces`,
    timeoutMillis: exportTimeoutMs,
  });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": serviceName, "service.version": packageVersion }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor(tellFailures(exporter, onFailure), {
        scheduledDelayMillis: batchDelayMs,
        exportTimeoutMillis: exportTimeoutMs,
      }),
    ],
  });
  const tracer = provider.getTracer("attune-server", packageVersion);

  return {
    startRequest({ traceparent }, { method, route, scheme = "http" }) {
      const span = tracer.startSpan(
        `${method} ${route}`,
        {
          kind: SpanKind.SERVER,
          startTime: epochMs(performance.now()),
          attributes: { "http.request.method": method, "http.route": route, "url.scheme": scheme },
        },
        remoteContext(traceparent),
      );
      const context = trace.setSpan(ROOT_CONTEXT, span);
      return requestSpan(span, (name, startMs, endMs, facts = {}) => {
        const child = tracer.startSpan(
          name,
          { startTime: epochMs(startMs), attributes: { ...facts } },
          context,
        );
        child.end(epochMs(endMs));
      });
    },
    async close(limitMs) {
      const controller = new AbortController();
      const limit = wait(limitMs, undefined, { signal: controller.signal }).catch(() => {});
      // What could not be sent was told to `onFailure`.
      await Promise.race([provider.shutdown().catch(() => {}), limit]);
      controller.abort();
    },
  };
}

function requestSpan(span: Span, child: RequestSpan["child"]): RequestSpan {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceId,
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`,
    child: span.isRecording() ? child : () => {},
    end(status: number, facts: SpanFacts = {}) {
      span.setAttributes({ "http.response.status_code": status, ...facts });
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(epochMs(performance.now()));
    },
  };
}

/** `tracestate` is not taken over: it may hold anything, and nothing is sent on from here. */
function remoteContext(traceparent: unknown): Context {
  const parent = typeof traceparent === "string" ? parseTraceParent(traceparent) : null;
  if (parent === null || !isSpanContextValid(parent)) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
}

/** Times of one request stay in order when the system's clock is set back meanwhile. */
function epochMs(performanceMs: number): number {
  return performance.timeOrigin + performanceMs;
}

function tellFailures(exporter: SpanExporter, onFailure: TracingOptions["onFailure"]): SpanExporter {
  let isFailing = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const hasFailed = result.code !== ExportResultCode.SUCCESS;
        if (hasFailed && !isFailing) onFailure?.(result.error ?? new Error("the collector refused spans"));
        isFailing = hasFailed;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
