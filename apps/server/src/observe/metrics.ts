/** Prometheus metrics of one server, in a registry of its own. */
import type { Recommendation } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface Metrics {
  readonly contentType: string;
  /** The text exposition format. */
  render(): Promise<string>;
  /** @param route - the route's pattern, never the path a caller typed: label sets stay small. */
  observeRequest(method: string, route: string, status: number, durationMs: number): void;
  observeBatch(size: number): void;
  observeAnswer(answer: Recommendation): void;
  /** One row of columns answered. */
  observePrediction(): void;
  setModel(manifest: ArtifactManifest, sha256: string): void;
}

const latencyBucketsSeconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const batchBuckets = [1, 2, 4, 8, 16, 32, 64];

/** @param isReady - read at each scrape. */
export function createMetrics(isReady: () => boolean): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "attune_http_requests_total",
    help: "HTTP requests answered, by route pattern and status",
    labelNames: ["method", "route", "status"] as const,
    registers,
  });
  const duration = new Histogram({
    name: "attune_http_request_duration_seconds",
    help: "From the request's headers to the answer's last byte",
    labelNames: ["route"] as const,
    buckets: latencyBucketsSeconds,
    registers,
  });
  const batchSize = new Histogram({
    name: "attune_batch_size",
    help: "Requests that shared one run of the model",
    buckets: batchBuckets,
    registers,
  });
  const fallback = new Counter({
    name: "attune_fallback_total",
    help: "Recommendations by popularity, because no id of the history was known",
    registers,
  });
  const answers = new Counter({
    name: "attune_recommendations_total",
    help: "Recommendations given, one per user asked for",
    registers,
  });
  const predictions = new Counter({
    name: "attune_predictions_total",
    help: "Rows of columns answered",
    registers,
  });
  const unknown = new Counter({
    name: "attune_unknown_ids_total",
    help: "History entries the model does not know; they are ignored",
    registers,
  });
  const model = new Gauge({
    name: "attune_model_info",
    help: "Always 1; the labels say which model answers",
    labelNames: ["name", "version", "kind", "sha256"] as const,
    registers,
  });
  new Gauge({
    name: "attune_ready",
    help: "1 when /readyz answers 200",
    registers,
    collect() {
      this.set(isReady() ? 1 : 0);
    },
  });

  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    observeRequest(method, route, status, durationMs) {
      requests.inc({ method, route, status });
      duration.observe({ route }, durationMs / 1000);
    },
    observeBatch: (size) => batchSize.observe(size),
    observeAnswer(answer) {
      answers.inc();
      if (answer.source === "fallback") fallback.inc();
      if (answer.unknown > 0) unknown.inc(answer.unknown);
    },
    observePrediction: () => predictions.inc(),
    setModel({ name, version, model: { kind } }, sha256) {
      model.set({ name, version, kind, sha256 }, 1);
    },
  };
}
