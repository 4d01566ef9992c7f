// onnxruntime-web in a real Chromium against onnxruntime-node in this process: the contract of a session first, then
// one artifact answering the same requests on both sides.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Recommendation, type RecommendRequest, taskNames } from "@attune/contracts";
import { assertParity, measureParity } from "@attune/runtime";
import { openArtifact } from "@attune/runtime-node";
import { contextualCatalogue, tinyArtifact, tinyPredictCases } from "@attune/testkit";
import { conformanceCases } from "@attune/testkit/conformance";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withChromiumPage } from "../../packages/cli/src/chromium/launch.ts";
import { type StaticServer, serveFolders } from "../../packages/cli/src/chromium/static-server.ts";
import { buildPage } from "./build-page.ts";
import { answerAll } from "./page/answer-all.ts";
import type { ArtifactRun, ParityPage } from "./page/page.ts";

/** What the page defines, as seen inside `page.evaluate`. */
declare const parityPage: ParityPage;

const artifact = tinyArtifact();
const requests: readonly RecommendRequest[] = [
  { history: [] },
  { history: ["item-0", { item: "žánr-4", weight: 2 }], k: 3 },
  { history: ["nobody", "日本語"], exclude: ["item-1"] },
  { history: ["item-5", "item-5"], exclude: ["item-0", "item-2"], k: 100 },
  { history: ["item-5"], allow: ["item-1", "nobody", "žánr-4"] },
];

/** A graph with times and columns, and one of each row task, by folder. */
const others: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>> = {
  contextual: tinyArtifact(undefined, contextualCatalogue()).files,
  ...Object.fromEntries(tinyPredictCases.map(({ task, artifact }) => [task, artifact.files])),
};
const contextualRequest: RecommendRequest = {
  history: [
    { item: "item-0", time: 1_700_000_000.5 },
    { item: "item-5", time: 1_700_100_000 },
  ],
  features: { age: 33, country: "日本", tags: ["new", "?"], note: "gift" },
};

let dir = "";
let server: StaticServer;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "attune-parity-"));
  await buildPage(path.join(dir, "page"));
  writeFiles("artifact", artifact.files);
  writeFiles("damaged", { ...artifact.files, "model.onnx": Uint8Array.of(1, 2, 3) });
  writeFiles("newer", { "manifest.json": Buffer.from('{"schemaVersion":3}') });
  for (const [name, files] of Object.entries(others)) writeFiles(name, files);
  server = await serveFolders({
    folders: {
      "/": path.join(dir, "page"),
      ...mounts("artifact", "damaged", "newer", ...Object.keys(others)),
    },
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
      expect(result).toMatchObject({ rows: artifact.golden.rows.length, sameAnswer: 1 });
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

test("every task keeps its golden rows and gives Node's answers in Chromium", async () => {
  for (const name of Object.keys(others)) {
    const rows = tinyPredictCases.find(({ task }) => task === name)?.tiny.rows ?? {};
    const requests =
      name === "contextual" ? [contextualRequest] : Object.values(rows).map((inputs) => ({ inputs }));
    const web = await withChromiumPage(server.url, (page) =>
      page.evaluate((asked) => parityPage.runTask(asked.baseUrl, asked.requests), {
        baseUrl: `/${name}`,
        requests,
      }),
    );
    assertParity(web.parity);
    expect(web.parity.sameAnswer, name).toBe(1);
    const node = await openArtifact(path.join(dir, name), { task: taskNames });
    const answers = await answerAll(node, requests);
    await node.session.close();
    expect(web.answers).toHaveLength(requests.length);
    expectClose(web.answers, answers);
  }
});

describe("what cannot be opened in Chromium is refused by code", () => {
  test.each([
    ["damaged bytes", { baseUrl: "/damaged" }, "RUNTIME_HASH"],
    ["a newer manifest", { baseUrl: "/newer" }, "MANIFEST_VERSION"],
    ["an artifact of another task", { baseUrl: "/regress" }, "RUNTIME_TASK"],
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

/** The same data, numbers within 1e-5. */
function expectClose(actual: unknown, expected: unknown): void {
  if (typeof expected === "number") expect(Math.abs((actual as number) - expected)).toBeLessThan(1e-5);
  else if (typeof expected !== "object" || expected === null) expect(actual).toBe(expected);
  else {
    expect(Object.keys(actual as object)).toEqual(Object.keys(expected));
    for (const [key, value] of Object.entries(expected)) {
      expectClose((actual as Readonly<Record<string, unknown>>)[key], value);
    }
  }
}
