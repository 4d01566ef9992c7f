import { tinyArtifact } from "@attune/testkit";
import { expect, test } from "vitest";
import { ask, get, scrape, startReadyServer } from "../testing/harness.ts";

const modelSha256 = tinyArtifact().manifest.files["model.onnx"]!.sha256;

test("a scrape tells requests, waits, runs, fallbacks and unknown ids, with the model", async () => {
  const own = await startReadyServer();
  await ask(own, { history: ["item-0"] });
  await ask(own, { history: ["nobody", "no-one"] });
  await ask(own, { history: [], k: 0 });
  const response = await fetch(`${own.adminUrl}/metrics`);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);

  const samples = [...(await scrape(own)).values()].flatMap((metric) => metric.samples);
  const told = new Set(
    samples.map(({ name, labels, value }) => `${name} ${JSON.stringify(labels)} ${value}`),
  );
  const version = { model: "tiny", version: "1" };
  const asked = { method: "POST", route: "/v1/recommend" };
  for (const [name, labels, value] of [
    ["attune_http_requests_total", { ...asked, status: "200", ...version }, 2],
    ["attune_http_request_duration_seconds_count", { ...asked, status: "200", ...version }, 2],
    ["attune_queue_wait_seconds_count", version, 2],
    ["attune_batch_size_sum", version, 2],
    ["attune_inference_duration_seconds_count", version, 2],
    ["attune_recommendations_total", version, 2],
    ["attune_fallback_total", version, 1],
    ["attune_unknown_ids_total", version, 2],
    ["attune_model_info", { ...version, kind: "tiny", task: "recommend", sha256: modelSha256 }, 1],
    ["attune_ready", {}, 1],
    ["attune_queue_depth", {}, 0],
  ] as const) {
    expect([...told].join("\n")).toContain(`${name} ${JSON.stringify(labels)} ${value}`);
  }
});

test("paths that callers invent share one series, and none of their words is told", async () => {
  const own = await startReadyServer();
  for (let index = 0; index < 50; index++) await get(own, `/users/ada-${index}?token=ada`);
  await fetch(`${own.url}/v1/recommend`, { method: "PUT", body: "ada" });
  const metrics = await scrape(own);
  const requests = metrics.get("attune_http_requests_total")!.samples;
  const unmatched = requests.filter(({ labels }) => labels.route === "unmatched" && labels.status === "404");
  expect(unmatched.map(({ value }) => value)).toEqual([50]);
  expect(JSON.stringify([...metrics.values()])).not.toContain("ada");
});
