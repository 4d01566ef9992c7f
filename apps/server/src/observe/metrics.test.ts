import type { Recommendation } from "@attune/contracts";
import { expect, onTestFinished, test } from "vitest";
import { parseExposition, type Sample } from "../testing/parse-exposition.ts";
import { metricList } from "./metric-list.ts";
import { createMetrics, type Metrics, type ShedReason, type WatchedState } from "./metrics.ts";

type Model = ReturnType<WatchedState["models"]>[number];

const movies = { model: "movies", version: 3 };

function model(name: string, version: number, aliases: readonly string[] = []): Model {
  return { name, version, aliases, sha256: "ab".repeat(32), kind: "ease", task: "recommend" };
}

/** Metrics of a server with these versions; `models` may be changed. */
function metricsOf(models: Model[] = [model("movies", 3, ["champion"])]): Metrics {
  const metrics = createMetrics();
  onTestFinished(() => metrics.close());
  metrics.watch({
    isReady: () => true,
    queueDepth: () => 7,
    queueCostMs: () => 1500,
    bytesInFlight: () => 4096,
    connections: () => 12,
    models: () => models,
  });
  return metrics;
}

async function samplesOf(metrics: Metrics, name?: string): Promise<readonly Sample[]> {
  const samples = [...parseExposition(await metrics.render()).values()].flatMap((metric) => metric.samples);
  return name === undefined ? samples : samples.filter((sample) => sample.name === name);
}

async function sampleValue(metrics: Metrics, name: string, labels: Readonly<Record<string, string>> = {}) {
  const found = await samplesOf(metrics, name);
  return found.find((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
    ?.value;
}

test("every metric of the list is exposed, with its type, its labels and its words, and no other", async () => {
  const metrics = metricsOf();
  metrics.observeRequest({
    method: "POST",
    route: "/v1/recommend",
    status: 200,
    durationMs: 3,
    model: movies,
  });
  const exposed = parseExposition(await metrics.render());
  expect([...exposed.keys()].sort()).toEqual(Object.keys(metricList).sort());
  for (const [name, { type, labels, help }] of Object.entries(metricList)) {
    const metric = exposed.get(name)!;
    expect([metric.type, metric.help], name).toEqual([type, help]);
    for (const sample of metric.samples) {
      expect(
        Object.keys(sample.labels).filter((label) => label !== "le"),
        name,
      ).toEqual(labels);
    }
  }
});

test("names follow the conventions of Prometheus", () => {
  for (const [name, { type, labels, help }] of Object.entries(metricList)) {
    expect(name).toMatch(/^(attune|nodejs|process)_[a-z0-9]+(_[a-z0-9]+)*$/);
    expect(name.endsWith("_total"), name).toBe(type === "counter");
    expect(name, "base units").not.toMatch(/_(ms|millis\w*|micros\w*|us|kb|mb|kib|mib|percent)(_|$)/);
    expect(name, "reserved").not.toMatch(/_(bucket|sum|count)$/);
    expect(help).toMatch(/^(\d+\w*|[A-Z])[^\n\\]*[^.\s]$/);
    for (const label of labels) expect(label).toMatch(/^[a-z][a-z0-9]*$/);
    if (/duration|wait|lag|cost/.test(name)) expect(name).toMatch(/_seconds(_total)?$/);
  }
});

test("no label can be a person, an item, a key or an address", () => {
  const labels = new Set<string>(Object.values(metricList).flatMap((metric) => [...metric.labels]));
  const known = [
    "method",
    "route",
    "status",
    "model",
    "version",
    "reason",
    "outcome",
    "kind",
    "task",
    "sha256",
    "alias",
    "node",
  ];
  expect([...labels].sort()).toEqual(known.sort());
});

test("counts requests and their durations by method, route, status and version", async () => {
  const metrics = metricsOf();
  const request = { method: "POST", route: "/v1/recommend", status: 200, model: movies };
  metrics.observeRequest({ ...request, durationMs: 3 });
  metrics.observeRequest({ ...request, durationMs: 40 });
  metrics.observeRequest({ ...request, status: 503, durationMs: 0, model: undefined });
  const answered = { method: "POST", route: "/v1/recommend", status: "200", model: "movies", version: "3" };
  expect(await samplesOf(metrics, "attune_http_requests_total")).toEqual([
    {
      name: "attune_http_requests_total",
      labels: { ...answered, status: "503", model: "", version: "" },
      value: 1,
    },
    { name: "attune_http_requests_total", labels: answered, value: 2 },
  ]);
  const name = "attune_http_request_duration_seconds";
  expect(await sampleValue(metrics, `${name}_sum`, answered)).toBeCloseTo(0.043, 12);
  expect(await sampleValue(metrics, `${name}_bucket`, { ...answered, le: "0.005" })).toBe(1);
  expect(await sampleValue(metrics, `${name}_bucket`, { ...answered, le: "0.05" })).toBe(2);
});

test("a value on a bound is in its bucket, as le says", async () => {
  const metrics = metricsOf();
  metrics.observeRun(movies, { requests: 8, durationMs: 1 });
  const bucket = (le: string) => sampleValue(metrics, "attune_batch_size_bucket", { le });
  expect([await bucket("4"), await bucket("8"), await bucket("+Inf")]).toEqual([0, 1, 1]);
});

test("tells waits, runs, answers, sheds and swaps", async () => {
  const metrics = metricsOf();
  metrics.observeWait(movies, 2);
  metrics.observeRun(movies, { requests: 5, durationMs: 4 });
  const answer = { source: "fallback", unknown: 2 } as Recommendation;
  metrics.observeAnswer(movies, answer);
  metrics.observePrediction(movies);
  for (const reason of ["queue", "rate", "rate"] as ShedReason[]) metrics.observeShed(reason);
  metrics.observeSwap("refused");
  const expected: Record<string, number> = {
    attune_queue_wait_seconds_sum: 0.002,
    attune_batch_size_sum: 5,
    attune_inference_duration_seconds_sum: 0.004,
    attune_recommendations_total: 1,
    attune_fallback_total: 1,
    attune_unknown_ids_total: 2,
    attune_predictions_total: 1,
    attune_queue_depth: 7,
    attune_queue_cost_seconds: 1.5,
    attune_in_flight_bytes: 4096,
    attune_connections: 12,
    attune_ready: 1,
  };
  for (const [name, value] of Object.entries(expected))
    expect(await sampleValue(metrics, name), name).toBe(value);
  expect(await sampleValue(metrics, "attune_sheds_total", { reason: "rate" })).toBe(2);
  expect(await sampleValue(metrics, "attune_swaps_total", { outcome: "refused" })).toBe(1);
});

test("counters are there with 0 before anything happens, so that the first rise is seen", async () => {
  const metrics = metricsOf();
  expect(await sampleValue(metrics, "attune_sheds_total", { reason: "deadline" })).toBe(0);
  expect(await sampleValue(metrics, "attune_swaps_total", { outcome: "refused" })).toBe(0);
  expect(await sampleValue(metrics, "attune_fallback_total", { model: "movies", version: "3" })).toBe(0);
});

test("aliases and files of loaded versions are told", async () => {
  const metrics = metricsOf([model("movies", 3, ["champion", "spring"]), model("movies", 4)]);
  expect(await samplesOf(metrics, "attune_model_info")).toHaveLength(2);
  expect((await samplesOf(metrics, "attune_model_alias_info")).map(({ labels }) => labels)).toEqual([
    { alias: "champion", model: "movies", version: "3" },
    { alias: "spring", model: "movies", version: "3" },
  ]);
});

test("names with quotes, backslashes and line ends stay one label", async () => {
  const name = 'a"b\\c\nd';
  const metrics = metricsOf([model(name, 1)]);
  expect(await sampleValue(metrics, "attune_model_info", { model: name })).toBe(1);
});

test("an invented method shares one label with all other invented ones", async () => {
  const metrics = metricsOf();
  for (const method of ["PROPFIND", "BREW", "x".repeat(500)]) {
    metrics.observeRequest({ method, route: "unmatched", status: 405, durationMs: 1 });
  }
  const requests = await samplesOf(metrics, "attune_http_requests_total");
  expect(requests.map(({ labels, value }) => [labels.method, value])).toEqual([["other", 3]]);
});

test.each([
  ["scraped after each swap", true],
  ["never scraped", false],
])("a hundred swaps do not grow the series: %s", async (_, isScraped) => {
  const models = [model("movies", 0)];
  const metrics = metricsOf(models);
  const counts: number[] = [];
  for (let version = 1; version <= 100; version++) {
    metrics.observeRun({ model: "movies", version: version - 1 }, { requests: 1, durationMs: 1 });
    models[0] = model("movies", version);
    const served = { model: "movies", version };
    metrics.observeRequest({
      method: "POST",
      route: "/v1/recommend",
      status: 200,
      durationMs: 1,
      model: served,
    });
    if (isScraped) counts.push((await samplesOf(metrics)).length);
  }
  if (isScraped) expect(Math.max(...counts.slice(2))).toBe(counts[2]);
  await metrics.render();
  const versions = new Set((await samplesOf(metrics)).map(({ labels }) => labels.model && labels.version));
  expect([...versions].filter(Boolean)).toEqual(["100"]);
});

test("the last figures of a retired version are given once more", async () => {
  const models = [model("movies", 1)];
  const metrics = metricsOf(models);
  await metrics.render();
  metrics.observeAnswer({ model: "movies", version: 1 }, { source: "model", unknown: 0 } as Recommendation);
  models[0] = model("movies", 2);
  expect(await sampleValue(metrics, "attune_recommendations_total", { version: "1" })).toBe(1);
  expect(await sampleValue(metrics, "attune_recommendations_total", { version: "1" })).toBeUndefined();
});

test("a version that comes back after a rollback counts on from 0", async () => {
  const models = [model("movies", 1)];
  const metrics = metricsOf(models);
  metrics.observeRun({ model: "movies", version: 1 }, { requests: 1, durationMs: 1 });
  models[0] = model("movies", 2);
  await metrics.render();
  models[0] = model("movies", 1);
  expect(await sampleValue(metrics, "attune_batch_size_count", { version: "1" })).toBe(1);
  expect(await sampleValue(metrics, "attune_batch_size_count", { version: "1" })).toBe(1);
});

test("a blocked event loop counts for as long as it was blocked", async () => {
  const metrics = metricsOf();
  const late = async () => {
    const all = await sampleValue(metrics, "nodejs_eventloop_delay_seconds_count");
    return all! - (await sampleValue(metrics, "nodejs_eventloop_delay_seconds_bucket", { le: "0.2" }))!;
  };
  const before = await late();
  const end = performance.now() + 500;
  while (performance.now() < end);
  // The timer's turn.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await late()) - before).toBeGreaterThanOrEqual(4);
});

test("watching the process ends with close", async () => {
  const metrics = metricsOf();
  metrics.close();
  const before = await sampleValue(metrics, "nodejs_eventloop_delay_seconds_count");
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(await sampleValue(metrics, "nodejs_eventloop_delay_seconds_count")).toBe(before);
});
