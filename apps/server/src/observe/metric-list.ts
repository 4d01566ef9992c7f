/** Every metric of the server: its type, its labels, and what it means. The scrape and docs/observability.md are written from it. */

export interface MetricFacts {
  readonly type: "counter" | "gauge" | "histogram";
  readonly labels: readonly string[];
  readonly help: string;
}

const version = ["model", "version"] as const;
const request = ["method", "route", "status", ...version] as const;

/**
 * Names as Prometheus has them: base units (seconds, bytes), `_total` for counters. No label is ever a person, an item, a key,
 * an address or a path that a caller typed.
 */
export const metricList = {
  attune_http_requests_total: {
    type: "counter",
    labels: request,
    help: "HTTP requests answered or refused; model and version are empty where none was asked",
  },
  attune_http_request_duration_seconds: {
    type: "histogram",
    labels: request,
    help: "Time from the headers of an HTTP request to the last byte of its answer",
  },
  attune_queue_wait_seconds: {
    type: "histogram",
    labels: version,
    help: "Time one request waited for the run of the model that answered it",
  },
  attune_batch_size: {
    type: "histogram",
    labels: version,
    help: "Requests that shared one run of the model",
  },
  attune_inference_duration_seconds: {
    type: "histogram",
    labels: version,
    help: "Time of one run of the model, whatever the number of requests in it",
  },
  attune_recommendations_total: { type: "counter", labels: version, help: "Slates given" },
  attune_fallback_total: {
    type: "counter",
    labels: version,
    help: "Slates by popularity, because no id of the history was known",
  },
  attune_unknown_ids_total: {
    type: "counter",
    labels: version,
    help: "Entries of histories that the model does not know; they are ignored",
  },
  attune_predictions_total: { type: "counter", labels: version, help: "Rows of columns answered" },
  attune_sheds_total: {
    type: "counter",
    labels: ["reason"],
    help: "Work refused or dropped to protect the rest: queue, bytes, connections and draining (503), deadline (503), rate (429), abandoned (the caller had gone)",
  },
  attune_swaps_total: {
    type: "counter",
    labels: ["outcome"],
    help: "New versions that took over (swapped), or failed a check and left the old one in place (refused)",
  },
  attune_queue_depth: { type: "gauge", labels: [], help: "Units of work that wait now" },
  attune_queue_cost_seconds: {
    type: "gauge",
    labels: [],
    help: "Estimated time until what waits now is done",
  },
  attune_in_flight_bytes: {
    type: "gauge",
    labels: [],
    help: "Bytes of bodies and answers held now; --max-in-flight-mb bounds it",
  },
  attune_connections: { type: "gauge", labels: [], help: "Connections open now" },
  attune_ready: { type: "gauge", labels: [], help: "1 while /readyz answers 200, else 0" },
  attune_model_info: {
    type: "gauge",
    labels: [...version, "kind", "task", "sha256"],
    help: "Always 1: one series for each loaded version; sha256 is that of its model.onnx",
  },
  attune_model_alias_info: {
    type: "gauge",
    labels: ["alias", ...version],
    help: "Always 1: one series for each version that an alias leads to",
  },
  attune_build_info: {
    type: "gauge",
    labels: ["version", "node"],
    help: "Always 1: the version of the server, and of Node",
  },
  nodejs_eventloop_delay_seconds: {
    type: "histogram",
    labels: [],
    help: "How late the event loop serves what is due, looked at every 50 ms",
  },
  nodejs_eventloop_active_seconds_total: {
    type: "counter",
    labels: [],
    help: "Time the event loop did not wait for events; its rate is the part in use, at most 1",
  },
  nodejs_gc_duration_seconds: {
    type: "histogram",
    labels: ["kind"],
    help: "Pauses for garbage collection: minor, major, incremental or weakcb",
  },
  nodejs_heap_used_bytes: { type: "gauge", labels: [], help: "Heap of JavaScript in use" },
  nodejs_heap_limit_bytes: {
    type: "gauge",
    labels: [],
    help: "Heap of JavaScript at which the process dies; --max-old-space-size sets it",
  },
  nodejs_external_memory_bytes: {
    type: "gauge",
    labels: [],
    help: "Memory outside that heap that belongs to JavaScript objects, buffers included",
  },
  process_cpu_seconds_total: {
    type: "counter",
    labels: [],
    help: "Processor time of the process, all threads, user and system",
  },
  process_resident_memory_bytes: { type: "gauge", labels: [], help: "Resident memory of the process" },
  process_start_time_seconds: { type: "gauge", labels: [], help: "When the process began, since 1970" },
} as const satisfies Readonly<Record<string, MetricFacts>>;

export type MetricName = keyof typeof metricList;
