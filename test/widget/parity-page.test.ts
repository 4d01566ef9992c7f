// The page that `attune verify` drives: golden rows of an artifact in this browser, failures as data.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { MeasuredParity } from "@attune/runtime";
import { contextualCatalogue, tinyArtifact, tinyPredictCases } from "@attune/testkit";
import { describe, expect, test } from "vitest";
import { createBench, damageModel } from "./demo-page.ts";
import { filmArtifact } from "./film-artifact.ts";

declare global {
  interface Window {
    attuneParity(options: { baseUrl: string }): Promise<{ ok: true; result: MeasuredParity } | { ok: false }>;
  }
}

const artifact = filmArtifact();
const goldenRows = JSON.parse(Buffer.from(artifact["golden.json"]!).toString()).rows.length;
const bench = createBench(artifact);

/** Golden rows are not public: what `attune verify` serves is the whole folder. */
function writeArtifact(folder: string, files: Readonly<Record<string, Uint8Array>>): void {
  mkdirSync(path.join(bench().pagesDir, folder), { recursive: true });
  for (const [file, bytes] of Object.entries(files)) {
    writeFileSync(path.join(bench().pagesDir, folder, file), bytes);
  }
}

describe("attuneParity", () => {
  test("measures an artifact that nobody has verified yet", async () => {
    const { page, complaints } = await bench().open({ path: "/parity.html" });
    writeArtifact("films", artifact);
    const answer = await page.evaluate(() => window.attuneParity({ baseUrl: "films" }));
    expect(answer).toMatchObject({
      ok: true,
      result: { runtime: "onnxruntime-web", version: "1.30.0", rows: goldenRows, sameAnswer: 1 },
    });
    expect(answer.ok && answer.result.maxAbs).toBeLessThanOrEqual(1e-6);
    expect(complaints).toEqual([]);
  });

  const others = [
    ["a history with times and columns", tinyArtifact(undefined, contextualCatalogue())],
    ...tinyPredictCases.map(({ task, artifact }) => [task, artifact] as const),
  ] as const;

  test("measures artifacts of every task", async () => {
    const { page, complaints } = await bench().open({ path: "/parity.html" });
    for (const [name, { files, golden }] of others) {
      const folder = `artifact-${others.findIndex(([other]) => other === name)}`;
      writeArtifact(folder, files);
      const answer = await page.evaluate((baseUrl) => window.attuneParity({ baseUrl }), `/${folder}/`);
      expect(answer, name).toMatchObject({ ok: true, result: { rows: golden.rows.length, sameAnswer: 1 } });
      expect(answer.ok && answer.result.maxAbs, name).toBeLessThanOrEqual(1e-5);
    }
    expect(complaints).toEqual([]);
  });

  test("a damaged model is an answer with a code", async () => {
    const { page } = await bench().open({ path: "/parity.html", prepare: damageModel });
    writeArtifact("damaged", artifact);
    const answer = await page.evaluate(() => window.attuneParity({ baseUrl: "/damaged/" }));
    expect(answer).toMatchObject({ ok: false, error: { name: "AttuneError", code: "RUNTIME_HASH" } });
  });

  test("golden rows that are not those of the manifest are refused", async () => {
    const { page } = await bench().open({ path: "/parity.html" });
    writeArtifact("altered", { ...artifact, "golden.json": artifact["golden.json"]!.slice(0, -1) });
    const answer = await page.evaluate(() => window.attuneParity({ baseUrl: "/altered/" }));
    expect(answer).toMatchObject({ ok: false, error: { code: "RUNTIME_HASH" } });
  });

  test("a missing artifact is an answer with a code", async () => {
    const { page } = await bench().open({ path: "/parity.html" });
    const answer = await page.evaluate(() => window.attuneParity({ baseUrl: "/nowhere/" }));
    expect(answer).toMatchObject({ ok: false, error: { code: "RUNTIME_FETCH" } });
  });
});
