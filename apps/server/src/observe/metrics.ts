/** Prometheus metrics of one server. Observing costs tens of nanoseconds; the text is made at each scrape. */
import type { Recommendation } from "@attune/contracts";
import { packageVersion } from "../version.ts";
import { expositionType, type Reading, renderExposition } from "./exposition.ts";
import { countOf, observe } from "./histogram.ts";
import { watchProcess } from "./process-readings.ts";
import {
  createVersionStore,
  type ModelLabels,
  observeRequestOf,
  requestsOf,
  type VersionSeries,
  type VersionStore,
} from "./version-series.ts";

export type { ModelLabels } from "./version-series.ts";

export type ShedReason = "queue" | "bytes" | "deadline" | "rate" | "connections" | "draining" | "abandoned";

export interface ObservedRequest {
  readonly method: string;
  /** The route's pattern, or `unmatched`; never the path a caller typed. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly model?: ModelLabels | undefined;
}

/** What is read at each scrape. */
export interface WatchedState {
  isReady(): boolean;
  queueDepth(): number;
  queueCostMs(): number;
  bytesInFlight(): number;
  connections(): number;
  /** Loaded versions: only these have series. */
  models(): readonly {
    readonly name: string;
    readonly version: number;
    readonly sha256: string;
    readonly kind: string;
    readonly task: string;
    readonly aliases: readonly string[];
  }[];
}

export interface Metrics {
  readonly contentType: string;
  /** The text exposition format. */
  render(): Promise<string>;
  observeRequest(request: ObservedRequest): void;
  /** How long one request waited in the queue. */
  observeWait(model: ModelLabels, waitMs: number): void;
  /** One run of the graph: how many requests shared it, and its time. */
  observeRun(model: ModelLabels, run: { readonly requests: number; readonly durationMs: number }): void;
  observeShed(reason: ShedReason): void;
  observeSwap(outcome: "swapped" | "refused"): void;
  observeAnswer(model: ModelLabels, answer: Recommendation): void;
  /** One row of columns answered. */
  observePrediction(model: ModelLabels): void;
  watch(state: WatchedState): void;
  /** Stops watching the process. The last figures can still be rendered. */
  close(): void;
}

export function createMetrics(): Metrics {
  let state: WatchedState | undefined;
  const versions = createVersionStore(() =>
    (state?.models() ?? []).map(({ name, version }) => ({ model: name, version })),
  );
  const own = watchProcess();
  const sheds: Record<ShedReason, number> = {
    queue: 0,
    bytes: 0,
    deadline: 0,
    rate: 0,
    connections: 0,
    draining: 0,
    abandoned: 0,
  };
  const swaps = { swapped: 0, refused: 0 };

  return {
    contentType: expositionType,
    async render() {
      return renderExposition([
        ...readVersions(versions),
        ["attune_sheds_total", Object.entries(sheds).map(([reason, count]) => [[reason], count] as const)],
        ["attune_swaps_total", Object.entries(swaps).map(([outcome, count]) => [[outcome], count] as const)],
        ...(state === undefined ? [] : readState(state)),
        ["attune_build_info", [[[packageVersion, process.versions.node], 1]]],
        ...own.read(),
      ]);
    },
    observeRequest(request) {
      const series = request.model === undefined ? versions.none : versions.of(request.model);
      observeRequestOf(series, request, request.durationMs / 1000);
    },
    observeWait: (model, waitMs) => observe(versions.of(model).wait, waitMs / 1000),
    observeRun(model, { requests, durationMs }) {
      const { batchSize, inference } = versions.of(model);
      observe(batchSize, requests);
      observe(inference, durationMs / 1000);
    },
    observeShed(reason) {
      sheds[reason]++;
    },
    observeSwap(outcome) {
      swaps[outcome]++;
    },
    observeAnswer(model, answer) {
      const series = versions.of(model);
      series.recommendations++;
      series.unknownIds += answer.unknown;
      if (answer.source === "fallback") series.fallbacks++;
    },
    observePrediction(model) {
      versions.of(model).predictions++;
    },
    watch(watched) {
      state = watched;
    },
    close: () => own.close(),
  };
}

function readVersions(store: VersionStore): readonly Reading[] {
  const versions = store.scrape();
  const requests = [store.none, ...versions].flatMap((series) => [...requestsOf(series)]);
  const each = <Value>(read: (series: VersionSeries) => Value) =>
    versions.map((series) => [series.labels, read(series)] as const);
  return [
    [
      "attune_http_requests_total",
      requests.map(([labels, durations]) => [labels, countOf(durations)] as const),
    ],
    ["attune_http_request_duration_seconds", requests],
    ["attune_queue_wait_seconds", each(({ wait }) => wait)],
    ["attune_batch_size", each(({ batchSize }) => batchSize)],
    ["attune_inference_duration_seconds", each(({ inference }) => inference)],
    ["attune_recommendations_total", each(({ recommendations }) => recommendations)],
    ["attune_fallback_total", each(({ fallbacks }) => fallbacks)],
    ["attune_unknown_ids_total", each(({ unknownIds }) => unknownIds)],
    ["attune_predictions_total", each(({ predictions }) => predictions)],
  ];
}

function readState(state: WatchedState): readonly Reading[] {
  const models = state.models();
  return [
    ["attune_queue_depth", [[[], state.queueDepth()]]],
    ["attune_queue_cost_seconds", [[[], state.queueCostMs() / 1000]]],
    ["attune_in_flight_bytes", [[[], state.bytesInFlight()]]],
    ["attune_connections", [[[], state.connections()]]],
    ["attune_ready", [[[], state.isReady() ? 1 : 0]]],
    [
      "attune_model_info",
      models.map(
        ({ name, version, kind, task, sha256 }) => [[name, version, kind, task, sha256], 1] as const,
      ),
    ],
    [
      "attune_model_alias_info",
      models.flatMap(({ name, version, aliases }) =>
        aliases.map((alias) => [[alias, name, version], 1] as const),
      ),
    ],
  ];
}
