/** Clients from PyPI, unmodified, against a server process: they must read of it what /v1 says. */
import type { Prediction, Recommendation } from "@attune/contracts";
import { contextualCatalogue, tinyArtifact, tinyPredictCases } from "@attune/testkit";
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import { runPython, whyNoPython } from "./python.ts";
import { type ServerProcess, serve } from "./serve.ts";

interface WireTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}

interface Case {
  readonly task: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly path: string;
  readonly requests: readonly object[];
  /** The same, as tensors. */
  readonly inputs: readonly WireTensor[];
  readonly outputs: readonly string[];
  /** The outputs as plain values; a missing number is `missing`. */
  expected(answers: readonly never[], missing: number | null): Readonly<Record<string, readonly unknown[]>>;
}

const k = 12;
const pad = <Value>(values: readonly Value[], value: Value) =>
  Array.from({ length: k }, (_, index) => values[index] ?? value);
const column = (name: string, datatype: string, data: readonly unknown[]): WireTensor => ({
  name,
  datatype,
  shape: [data.length, 1],
  data,
});

const recommend: Case = {
  task: "recommend",
  files: tinyArtifact((same) => same, contextualCatalogue()).files,
  path: "/v1/recommend",
  requests: [
    {
      history: [{ item: "item-0" }, { item: "žánr-4", weight: 0.5 }],
      exclude: ["item-1"],
      features: { age: 41, country: "日本", tags: ["sale", "new"], note: "gift" },
      k,
    },
    { history: ["nobody"], features: { age: null, tags: ["new"] }, k },
  ],
  inputs: [
    { name: "history", datatype: "BYTES", shape: [2, 2], data: ["item-0", "žánr-4", "nobody", ""] },
    { name: "history_weight", datatype: "FP32", shape: [2, 2], data: [1, 0.5, 1, 0] },
    { name: "exclude", datatype: "BYTES", shape: [2, 1], data: ["item-1", ""] },
    { name: "allow", datatype: "BYTES", shape: [2, 0], data: [] },
    column("age", "FP32", [41, null]),
    column("country", "BYTES", ["日本", ""]),
    { name: "tags", datatype: "BYTES", shape: [2, 2], data: ["sale", "new", "new", ""] },
    column("note", "BYTES", ["gift", ""]),
    { name: "k", datatype: "INT64", shape: [1], data: [k] },
  ],
  outputs: ["items", "scores", "source", "unknown"],
  expected: (slates: readonly Recommendation[], missing) => ({
    items: slates.flatMap(({ ids }) => pad(ids, "")),
    scores: slates.flatMap(({ scores }) => pad<number | null>(scores, missing)),
    source: slates.map(({ source }) => source),
    unknown: slates.map(({ unknown }) => unknown),
  }),
};

const predict: readonly Case[] = tinyPredictCases.map(({ task, tiny, artifact }) => {
  const rows = Object.values(tiny.rows);
  const { manifest } = artifact;
  const inputs = tiny.columns.map(({ name, kind }): WireTensor => {
    const values = rows.map((row) => row[name] ?? null);
    if (kind === "number") return column(name, "FP32", values);
    if (kind !== "set")
      return column(
        name,
        "BYTES",
        values.map((value) => value ?? ""),
      );
    const sets = values.map((value) => (value ?? []) as readonly string[]);
    const width = Math.max(...sets.map((set) => set.length));
    const data = sets.flatMap((set) => Array.from({ length: width }, (_, index) => set[index] ?? ""));
    return { name, datatype: "BYTES", shape: [rows.length, width], data };
  });
  return {
    task,
    files: artifact.files,
    path: "/v1/predict",
    requests: rows.map((row) => ({ inputs: row })),
    inputs,
    outputs: manifest.signature.outputs.map(({ name }) => name),
    expected: (answers: readonly Prediction[]) =>
      Object.fromEntries(
        manifest.signature.outputs.map(({ name }) => [
          name,
          answers.flatMap((answer) => {
            const value = (answer as Readonly<Record<string, unknown>>)[name];
            if (manifest.task !== "classify" || name !== "probabilities") return [value];
            return manifest.classes.map((label) => (value as Readonly<Record<string, number>>)[label]);
          }),
        ]),
      ),
  };
});

/** Beside what JSON cannot hold, the smallest float32 (docs/open-inference-protocol.md). */
const missingNumber = -3.4028234663852886e38;

interface Inferred {
  readonly model_name: string;
  readonly id: string;
  readonly outputs: Readonly<Record<string, readonly unknown[]>>;
}
interface Failure {
  readonly status: string;
  readonly message: string;
}
interface Answers {
  readonly live: boolean;
  readonly ready: boolean;
  readonly modelReady: boolean;
  readonly nobodyReady: boolean;
  readonly infer: Readonly<Record<string, Inferred>>;
  readonly failures: Readonly<Record<string, Failure | null>>;
}
interface TritonAnswers extends Answers {
  readonly versionReady: boolean;
  readonly serverMetadata: unknown;
  readonly metadata: { readonly inputs: readonly object[] };
  readonly config: { readonly input: readonly object[] };
  readonly statistics: { readonly model_stats: readonly object[] };
  readonly index: readonly object[];
}

// The default reporter does not say why a test was left out.
if (whyNoPython !== undefined) process.stderr.write(`test/interop: ${whyNoPython}\n`);

describe.each([recommend, ...predict].map((one) => [one.task, one] as const))("%s", (_, asked) => {
  let server: ServerProcess | undefined;
  let expected: Record<"json" | "binary", Readonly<Record<string, readonly unknown[]>>>;

  beforeAll(async () => {
    if (whyNoPython !== undefined) return;
    server = await serve(asked.files);
    const response = await fetch(`${server.url}${asked.path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ requests: asked.requests }),
    });
    const { results } = (await response.json()) as { results: never[] };
    expected = { json: asked.expected(results, missingNumber), binary: asked.expected(results, null) };
  });
  afterAll(() => server?.stop());

  function question({ skip }: TestContext) {
    if (server === undefined) return skip(whyNoPython);
    const { inputs, outputs } = asked;
    const host = (url: string) => new URL(url).host;
    const { url, adminUrl } = server;
    return { url, host: host(url), adminHost: host(adminUrl), model: "tiny", version: "1", inputs, outputs };
  }

  /** By how the outputs came. */
  function expectInferred(infer: Readonly<Record<string, Inferred>>, json: readonly string[]): void {
    for (const [how, { model_name, id, outputs }] of Object.entries(infer)) {
      expect({ how, model_name, id, outputs }).toEqual({
        how,
        model_name: "tiny",
        id: "request-7",
        outputs: json.includes(how) ? expected.json : expected.binary,
      });
    }
  }

  test("tritonclient", async (context) => {
    const answers = await runPython<TritonAnswers>("triton_client.py", question(context));
    expect(answers).toMatchObject({
      live: true,
      ready: true,
      modelReady: true,
      versionReady: true,
      nobodyReady: false,
      serverMetadata: { name: "attune" },
      metadata: { name: "tiny", versions: ["1"], platform: "onnx_onnxv1" },
      config: { name: "tiny", backend: "onnxruntime" },
      index: [{ name: "tiny", version: "1", state: "READY" }],
    });
    expect(answers.config.input).toHaveLength(answers.metadata.inputs.length);
    expect(answers.statistics.model_stats).toMatchObject([
      { inference_stats: { success: { count: Object.keys(answers.infer).length }, fail: { count: 1 } } },
    ]);
    expectInferred(answers.infer, ["json", "binary in"]);
    expect(answers.failures).toMatchObject({
      "unknown model": { status: "404", message: expect.stringContaining("no model nobody") },
      "unknown version": { status: "404" },
      "wrong datatype": { status: "400", message: expect.stringContaining("got INT64") },
    });
  });

  test("the KServe client", async (context) => {
    const answers = await runPython<Answers>("kserve_client.py", question(context));
    expect(answers).toMatchObject({ live: true, ready: true, modelReady: true, nobodyReady: false });
    expectInferred(answers.infer, ["json", "binary in"]);
    expect(answers.failures).toMatchObject({
      "unknown model": { status: "404", message: expect.stringContaining("no model nobody") },
      "unknown input": { status: "400", message: expect.stringContaining("known are") },
    });
  });
});
