// onnxruntime-web in a real Chromium against onnxruntime-node in this process: the contract of a session first, then
// one artifact answering the same requests on both sides.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Recommendation, RecommendRequest } from "@attune/contracts";
import { assertParity, measureParity } from "@attune/runtime";
import { openArtifact } from "@attune/runtime-node";
import { tinyArtifact } from "@attune/testkit";
import { conformanceCases } from "@attune/testkit/conformance";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withChromiumPage } from "../../packages/cli/src/chromium/launch.ts";
import { type StaticServer, serveFolders } from "../../packages/cli/src/chromium/static-server.ts";
import { buildPage } from "./build-page.ts";
import type { ArtifactRun, ParityPage } from "./page/page.ts";

/** What the page defines, as seen inside `page.evaluate`. */
declare const parityPage: ParityPage;

const artifact = tinyArtifact();
const requests: readonly RecommendRequest[] = [
  { history: [] },
  { history: ["item-0", { item: "žánr-4", weight: 2 }], k: 3 },
  { history: ["nobody", "日本語"], exclude: ["item-1"] },
  { history: ["item-5", "item-5"], exclude: ["item-0", "item-2"], k: 100 },
];

let dir = "";
let server: StaticServer;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "attune-parity-"));
  await buildPage(path.join(dir, "page"));
  writeFiles("artifact", artifact.files);
  writeFiles("damaged", { ...artifact.files, "model.onnx": Uint8Array.of(1, 2, 3) });
  writeFiles("newer", { "manifest.json": Buffer.from('{"schemaVersion":2}') });
  server = await serveFolders({
    folders: { "/": path.join(dir, "page"), ...mounts("artifact", "damaged", "newer") },
  });
});

afterAll(async () => {
  await server?.close();
  rmSync(dir, { recursive: true, force: true });
});

function writeFiles(name: string, files: Readonly<Record<string, Uint8Array>>): void {
  mkdirSync(path.join(dir, name));
  for (const [file, bytes] of Object.entries(files)) writeFileSync(path.join(dir, name, file), bytes);
}

function mounts(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`/${name}/`, path.join(dir, name)]));
}

describe("onnxruntime-web in Chromium keeps the Session contract", () => {
  let outcomes: Record<string, string | undefined> = {};

  beforeAll(async () => {
    outcomes = await withChromiumPage(server.url, (page) => page.evaluate(() => parityPage.runCases()));
  });

  test.each(conformanceCases)("$name", ({ name }) => {
    expect(Object.keys(outcomes)).toContain(name);
    expect(outcomes[name]).toBeUndefined();
  });
});

describe("an artifact answers the same in Node and in Chromium", () => {
  let web: ArtifactRun;
  let again: ArtifactRun;
  let cached: readonly string[];

  beforeAll(async () => {
    [web, again, cached] = await withChromiumPage(server.url, async (page) => [
      await page.evaluate((asked) => parityPage.runArtifact(asked), requests),
      await page.evaluate((asked) => parityPage.runArtifact(asked), requests),
      await page.evaluate(() => parityPage.cachedModels()),
    ]);
  });

  test("recommend and recommendMany", async () => {
    const node = await openArtifact(path.join(dir, "artifact"));
    const answers = await node.personalizer.recommendMany(requests);
    await node.personalizer.close();

    expect(web.answers).toHaveLength(2 * answers.length);
    [...answers, ...answers].forEach((expected, index) => {
      expectSameAnswer(web.answers[index]!, expected);
    });
    expect(answers[3]!.ids.length).toBeGreaterThan(0);
  });

  test("both are within the tolerance of the reference", async () => {
    const node = await openArtifact(path.join(dir, "artifact"));
    const parity = await measureParity(node.session, artifact.golden);
    await node.personalizer.close();

    expect(parity.runtime).toBe("onnxruntime-node");
    expect(web.parity.runtime).toBe("onnxruntime-web");
    for (const result of [parity, web.parity]) {
      assertParity(result);
      expect(result).toMatchObject({ rows: artifact.golden.rows.length, sameTopK: 1 });
    }
  });

  test("titles come with it, and progress ends at the model's size", () => {
    const size = artifact.files["model.onnx"]!.length;
    expect(web.titles).toEqual(artifact.catalogue.ids.map((id) => `Title of ${id}`));
    expect(web.progress.at(-1)).toEqual({ loadedBytes: size, totalBytes: size });
  });

  test("the model is kept under its sha256 and used again", () => {
    expect(cached).toEqual([artifact.manifest.files["model.onnx"]!.sha256]);
    expect(again.answers).toEqual(web.answers);
  });
});

describe("what cannot be opened in Chromium is refused by code", () => {
  test.each([
    ["damaged bytes", { baseUrl: "/damaged" }, "RUNTIME_HASH"],
    ["a newer manifest", { baseUrl: "/newer" }, "MANIFEST_VERSION"],
    ["no artifact", { baseUrl: "/nothing" }, "RUNTIME_FETCH"],
    ["no wasm", { baseUrl: "/artifact", wasmUrl: "/nothing.wasm" }, "RUNTIME_LOAD"],
  ])("%s", async (_, options, code) => {
    const error = await withChromiumPage(server.url, (page) =>
      page.evaluate((asked) => parityPage.openingError(asked), options),
    );
    expect(error).toMatchObject({ code });
  });
});

function expectSameAnswer(actual: Recommendation, expected: Recommendation): void {
  expect(actual).toMatchObject({ ids: expected.ids, source: expected.source, unknown: expected.unknown });
  expected.scores.forEach((score, rank) => {
    // float32 sums of at most 12 terms, in another order.
    expect(Math.abs(actual.scores[rank]! - score)).toBeLessThan(1e-6);
  });
}
