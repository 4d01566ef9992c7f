import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isAttuneError, taskNames } from "@attune/contracts";
import { assertParity, measureParity } from "@attune/runtime";
import {
  contextualCatalogue,
  type TinyArtifact,
  tinyArtifact,
  tinyPredictArtifact,
  tinyPredictCases,
  tinyTasks,
} from "@attune/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { channelWorker } from "../fixtures/channel-worker.ts";
import { openWebArtifact } from "./open-web-artifact.ts";

const whole = tinyArtifact();
const { "items.json": _listed, ...withoutItems } = whole.manifest.files;
const { "items.json": _file, ...filesWithoutItems } = whole.files;
const folders: Record<string, TinyArtifact["files"]> = {
  whole: whole.files,
  late: filesWithoutItems,
  plain: tinyArtifact((manifest) => ({ ...manifest, files: withoutItems })).files,
  damaged: { ...whole.files, "model.onnx": Uint8Array.of(1), "golden.json": Uint8Array.of(1) },
  titles: { ...whole.files, "items.json": new TextEncoder().encode("[]"), "golden.json": Uint8Array.of(1) },
  text: { "manifest.json": new TextEncoder().encode("<!doctype html>") },
  empty: tinyArtifact((manifest) => ({ ...manifest, files: {} })).files,
  contextual: tinyArtifact(undefined, contextualCatalogue()).files,
  ...Object.fromEntries(tinyPredictCases.map(({ task, artifact }) => [task, artifact.files])),
  others: rowsOfAnotherTask(),
  mixed: tinyArtifact((manifest) => ({
    ...manifest,
    signature: { ...manifest.signature, inputs: manifest.signature.inputs.slice(1) },
  })).files,
};

function rowsOfAnotherTask(): TinyArtifact["files"] {
  const { files, manifest } = tinyPredictArtifact(tinyTasks.regress);
  const listed = manifest.files["golden.json"]!;
  const mixed = tinyArtifact((own) => ({ ...own, files: { ...own.files, "golden.json": listed } }));
  return { ...mixed.files, "golden.json": files["golden.json"]! };
}

let server: Server;
let origin = "";
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url!);
    const [, folder, file] = new URL(request.url!, "http://x").pathname.split("/");
    const bytes = folders[folder!]?.[file!];
    if (bytes === undefined) response.writeHead(404).end();
    else response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const open = (folder: string) =>
  openWebArtifact({ baseUrl: `${origin}/${folder}`, createWorker: () => channelWorker() });

test("an artifact by URL answers, keeps its golden rows and knows its titles", async () => {
  const artifact = await open("whole");
  const answer = await artifact.personalizer.recommend({ history: ["item-0"], k: 3 });
  assertParity(await measureParity(artifact.session, await artifact.loadGolden()));
  const items = await Promise.all([artifact.loadItems(), artifact.loadItems()]);
  await artifact.personalizer.close();

  expect(answer.ids).toHaveLength(3);
  expect(items[0]![0]).toEqual({ id: "item-0", title: "Title of item-0" });
  expect(asked.filter((url) => url.startsWith("/whole/items.json"))).toHaveLength(1);
});

test("a graph with times and columns keeps its golden rows", async () => {
  const artifact = await open("contextual");
  const parity = await measureParity(artifact.session, await artifact.loadGolden());
  await artifact.personalizer.close();
  assertParity(parity);
  expect(parity.sameAnswer).toBe(1);
});

test.each(tinyPredictCases)("$task by URL keeps its golden rows and answers", async ({ task, tiny }) => {
  const artifact = await openWebArtifact({
    baseUrl: `${origin}/${task}`,
    task: taskNames,
    createWorker: () => channelWorker(),
  });
  if (artifact.task === "recommend") throw new Error(`opened as ${artifact.task}`);
  const golden = await artifact.loadGolden();
  const parity = await measureParity(artifact.session, golden);
  const answer = await artifact.predictor.predict({ inputs: {} });
  await artifact.predictor.close();

  assertParity(parity);
  expect(parity).toMatchObject({ rows: golden.rows.length, sameAnswer: 1 });
  expect(Object.keys(answer)).toEqual(Object.keys(tiny.predict({})));
});

test("golden rows of another task are refused, though their hash holds", async () => {
  const artifact = await open("others");
  const error = await artifact.loadGolden().catch((caught: unknown) => caught);
  expect(isAttuneError(error, "MANIFEST_INVALID"), String(error)).toBe(true);
  await artifact.personalizer.close();
});

test("titles that fail to arrive are asked for again", async () => {
  const artifact = await open("late");
  await expect(artifact.loadItems()).rejects.toThrow("HTTP 404");
  folders.late = whole.files;
  expect(await artifact.loadItems()).toHaveLength(whole.catalogue.ids.length);
  await artifact.personalizer.close();
});

test("titles and golden rows that are not those of the manifest are refused", async () => {
  const artifact = await open("titles");
  for (const load of [artifact.loadItems, artifact.loadGolden]) {
    const error = await load().catch((caught: unknown) => caught);
    expect(isAttuneError(error, "RUNTIME_HASH"), String(error)).toBe(true);
  }
  await artifact.personalizer.close();
});

test("an artifact without items has none", async () => {
  const artifact = await open("plain");
  expect(await artifact.loadItems()).toBeUndefined();
  await artifact.personalizer.close();
});

test.each([
  ["whole/nowhere", "RUNTIME_FETCH"],
  ["damaged", "RUNTIME_HASH"],
  ["text", "MANIFEST_INVALID"],
  ["empty", "MANIFEST_INVALID"],
  ["mixed", "RUNTIME_SIGNATURE"],
  ["regress", "RUNTIME_TASK"],
] as const)("%s is refused as %s", async (folder, code) => {
  const error = await open(folder).catch((caught: unknown) => caught);
  expect(isAttuneError(error, code), String(error)).toBe(true);
});
