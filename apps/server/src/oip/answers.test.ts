/** One question, three ways to ask it: /v1, the protocol's JSON, the protocol's binary form. All answer the same. */
import type { Prediction, PredictRequest, Recommendation, RecommendRequest } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { contextualCatalogue, tinyArtifact, tinyPredictCases } from "@attune/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { missingNumber } from "./tensors/codecs.ts";
import { sharedApp } from "./testing/oip-app.ts";
import { askBinary, askJson, outputValues } from "./testing/oip-client.ts";
import { tensorsOfHistories, tensorsOfRows } from "./testing/tensors-of.ts";

async function askV1<Answer>(
  url: string,
  path: string,
  requests: readonly unknown[],
): Promise<readonly Answer[]> {
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ requests }),
  });
  const { results } = (await response.json()) as { results: readonly Answer[] };
  return results;
}

const runs = { numRuns: 30, seed: 10 };
const item = fc.constantFrom("item-0", "item-1", "žánr-4", "item-11", "nobody", "日本語", "\ufeffbom");
const weight = fc.constantFrom(0.5, 1, 3, 1000);

const history = fc.oneof(
  fc.array(item, { maxLength: 6 }),
  fc.array(fc.record({ item, weight }), { maxLength: 6 }),
  fc.array(fc.record({ item, weight, time: fc.integer({ min: 1_600_000_000, max: 1_700_000_000 }) }), {
    maxLength: 6,
  }),
);
const row = fc.record({
  age: fc.option(fc.constantFrom(41, 12.5, -7)),
  country: fc.option(fc.constantFrom("at", "日本", "xx")),
  tags: fc.option(fc.array(fc.constantFrom("new", "sale", "?"), { maxLength: 3 })),
  note: fc.option(fc.constantFrom("gift", "hello")),
});
const ids = fc.array(item, { maxLength: 3 });

describe.each([
  ["plain", tinyArtifact()],
  ["contextual", tinyArtifact((same) => same, contextualCatalogue())],
] as const)("recommend, %s", (kind, artifact) => {
  const app = sharedApp(artifact);
  const requests = fc.integer({ min: 1, max: 14 }).chain((k) =>
    fc.array(
      fc.record({
        history,
        exclude: ids,
        allow: ids,
        ...(kind === "contextual" && { features: row }),
        k: fc.constant(k),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  );

  test("JSON, binary and /v1 answer alike", async () => {
    const { url, version } = app();
    const manifest = version.manifest as ArtifactManifest<"recommend">;
    await fc.assert(
      fc.asyncProperty(requests, async (asked) => {
        const slates = await askV1<Recommendation>(url, "/v1/recommend", asked);
        const tensors = tensorsOfHistories(asked as unknown as RecommendRequest[], manifest);
        const k = asked[0]!.k;
        const pad = <Value>(values: readonly Value[], value: Value) =>
          Array.from({ length: k }, (_, index) => values[index] ?? value);
        const expected = (missing: number) => ({
          items: slates.flatMap((slate) => pad(slate.ids, "")),
          scores: slates.flatMap((slate) => pad(slate.scores, missing)),
          source: slates.map(({ source }) => source),
          unknown: slates.map(({ unknown }) => unknown),
        });
        expect(outputValues(await askBinary(app(), tensors))).toEqual(expected(Number.NaN));
        expect(outputValues(await askJson(app(), tensors))).toEqual(expected(missingNumber));
      }),
      runs,
    );
  });
});

describe.each(tinyPredictCases.map((one) => [one.task, one] as const))("%s", (task, { artifact, tiny }) => {
  const app = sharedApp(artifact);

  test("JSON, binary and /v1 answer alike", async () => {
    const { url, version } = app();
    const asked: PredictRequest[] = Object.values(tiny.rows).map((inputs) => ({ inputs }));
    const answers = await askV1<Prediction>(url, "/v1/predict", asked);
    const tensors = tensorsOfRows(asked, version.manifest.inputs);
    const { manifest } = version;
    const expected = Object.fromEntries(
      manifest.signature.outputs.map(({ name }) => [
        name,
        answers.flatMap((answer) => {
          const value = (answer as Readonly<Record<string, unknown>>)[name];
          if (manifest.task !== "classify" || name !== "probabilities") return [value];
          return manifest.classes.map((label) => (value as Readonly<Record<string, number>>)[label]);
        }),
      ]),
    );
    expect(outputValues(await askBinary(app(), tensors))).toEqual(expected);
    expect(outputValues(await askJson(app(), tensors))).toEqual(expected);
    expect(version.manifest.task).toBe(task);
  });

  test("a column that is left out is missing", async () => {
    const [, ...rest] = app().version.manifest.inputs;
    const known = Object.values(tiny.rows)[0]!;
    const without = Object.fromEntries(rest.map(({ name }) => [name, known[name] ?? null]));
    const [expected] = await askV1<Prediction>(app().url, "/v1/predict", [{ inputs: without }]);
    const answer = await askJson(app(), tensorsOfRows([{ inputs: known }], rest));
    const [first] = app().version.manifest.signature.outputs;
    expect(outputValues(answer)[first!.name]).toEqual([
      (expected as Readonly<Record<string, unknown>>)[first!.name],
    ]);
  });
});
