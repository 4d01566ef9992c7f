// Traced graphs in onnxruntime-web under a real Chromium against tfjs: the first and the last case of every factory of
// tf.layers, the first of every kernel, and the small GraphModels.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withChromiumPage } from "../../packages/cli/src/chromium/launch.ts";
import { type StaticServer, serveFolders } from "../../packages/cli/src/chromium/static-server.ts";
import { expectClose } from "../../packages/trace/src/fixtures/expect-close.ts";
import { graphCases } from "../../packages/trace/src/fixtures/graph-cases.ts";
import { buildGraphModel } from "../../packages/trace/src/fixtures/graph-model.ts";
import {
  type PreparedCase,
  prepareGraphCase,
  prepareKernelCase,
  prepareLayerCase,
} from "../../packages/trace/src/fixtures/prepare-case.ts";
import { kernelCases } from "../../packages/trace/src/kernels/cases/index.ts";
import { layerCases } from "../../packages/trace/src/layers/cases/index.ts";
import { buildPage } from "./build-page.ts";
import type { TracePage, WebCase, WebResult } from "./trace-page/page.ts";

/** What the page defines, as seen inside `page.evaluate`. */
declare const tracePage: TracePage;

/** Case → how it is made ready. */
const preparations: Readonly<Record<string, () => Promise<PreparedCase>>> = Object.fromEntries([
  ...Object.entries(layerCases).flatMap(([factory, cases]) =>
    "skip" in cases
      ? []
      : [...new Set([...cases.slice(0, 1), ...cases.slice(-1)])].map((one) => [
          `layers.${factory}: ${one.name}`,
          () => prepareLayerCase(one),
        ]),
  ),
  ...Object.entries(kernelCases).flatMap(([kernel, cases]) =>
    cases.slice(0, 1).map((one) => [kernel, () => prepareKernelCase(one)]),
  ),
  ...graphCases.map(({ name, graph, fills }) => [
    `GraphModel: ${name}`,
    () => prepareGraphCase(buildGraphModel(graph), fills),
  ]),
]);

let dir = "";
let server: StaticServer | undefined;
const prepared = new Map<string, PreparedCase>();
let results: Readonly<Record<string, WebResult>> = {};

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "attune-trace-"));
  mkdirSync(path.join(dir, "models"));
  await buildPage(path.join(dir, "page"), "trace-page");
  const cases: WebCase[] = [];
  for (const [name, prepare] of Object.entries(preparations)) {
    const ready = await prepare();
    prepared.set(name, ready);
    const file = `models/${cases.length}.onnx`;
    writeFileSync(path.join(dir, file), ready.bytes);
    cases.push({ name, url: `/${file}`, runs: ready.runs.map(({ inputs }) => inputs) });
  }
  server = await serveFolders({
    folders: { "/": path.join(dir, "page"), "/models/": path.join(dir, "models") },
  });
  results = await withChromiumPage(server.url, (page) =>
    page.evaluate((asked) => tracePage.runGraphs(asked), cases),
  );
}, 600_000);

afterAll(async () => {
  await server?.close();
  rmSync(dir, { recursive: true, force: true });
});

describe("onnxruntime-web in Chromium computes what tfjs computes", () => {
  test.each(Object.keys(preparations))("%s", (name) => {
    const result = results[name];
    const { runs, tolerance } = prepared.get(name)!;
    if (result === undefined || "error" in result) throw new Error(result?.error ?? "it did not run");
    expect(result.runs).toHaveLength(runs.length);
    for (const [at, { outputs }] of runs.entries()) {
      expect(result.runs[at]).toHaveLength(outputs.length);
      for (const [index, expected] of outputs.entries()) {
        expectClose(result.runs[at]![index]!, expected, tolerance, `run ${at}, output ${index}`);
      }
    }
  });
});
