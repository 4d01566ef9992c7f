import type { RecommendRequest } from "@attune/contracts";
import { createAnswerer } from "@attune/runtime";
import {
  contextualCatalogue,
  createFakeSession,
  tinyFakeModel,
  tinyManifest,
  tinyPredictCases,
} from "@attune/testkit";
import { expect, test } from "vitest";
import { createQueue } from "./queue.ts";

const catalogue = contextualCatalogue();
const small: RecommendRequest = { history: ["a", "b", "c", "d", "e"], k: 10 };
const ids = (count: number) => Array.from({ length: count }, (_, index) => `id-${index}`);

test.each<[string, RecommendRequest]>([
  ["history", { history: ids(50) }],
  ["exclude list", { ...small, exclude: ids(20) }],
  ["allow list", { ...small, allow: ids(20) }],
  ["set", { ...small, features: { tags: ids(400) } }],
  ["answer", { ...small, k: 100 }],
])("one long %s does not pad the others' run", async (_, long) => {
  const sizes: number[] = [];
  const answerer = createAnswerer(createFakeSession(tinyFakeModel(catalogue)), tinyManifest(catalogue));
  const queue = createQueue(answerer, (size) => sizes.push(size));
  if (queue.kind !== "recommend") throw new Error(queue.kind);
  const requests = [...Array.from({ length: 30 }, () => small), long];
  const answers = await Promise.all(requests.map(queue.ask));
  expect(sizes).toEqual([30, 1]);
  expect(answers).toEqual(await answerer.personalizer.recommendMany(requests));
});

test.each(tinyPredictCases)("rows of $task share a run", async ({ tiny, model, artifact }) => {
  const sizes: number[] = [];
  const queue = createQueue(createAnswerer(createFakeSession(model), artifact.manifest), (size) =>
    sizes.push(size),
  );
  if (queue.kind !== "predict") throw new Error(queue.kind);
  const rows = Object.values(tiny.rows);
  expect(await Promise.all(rows.map((inputs) => queue.ask({ inputs })))).toEqual(rows.map(tiny.predict));
  expect(sizes).toEqual([rows.length]);
});
