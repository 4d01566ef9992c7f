import type { Recommendation, RecommendRequest } from "@attune/contracts";
import { expect, test } from "vitest";
import { createBatcher } from "./batcher.ts";

/** Sends all at once; the sizes of the runs they took. */
async function runSizes(requests: readonly RecommendRequest[]): Promise<readonly number[]> {
  const sizes: number[] = [];
  const answer = ({ k = 10 }: RecommendRequest): Recommendation => ({
    ids: [String(k)],
    scores: [1],
    source: "model",
    unknown: 0,
  });
  const recommend = createBatcher(
    { recommendMany: async (batch) => batch.map(answer) },
    (size) => void sizes.push(size),
  );
  const answers = await Promise.all(requests.map(recommend));
  expect(answers).toEqual(requests.map(answer));
  return sizes.toSorted((a, b) => a - b);
}

const small: RecommendRequest = { history: ["a", "b", "c", "d", "e"], k: 10 };
const smallOnes = Array.from({ length: 30 }, () => small);

test("short requests share one run", async () => {
  expect(await runSizes(smallOnes)).toEqual([30]);
});

test.each<[string, RecommendRequest]>([
  ["history", { history: Array.from({ length: 400 }, (_, index) => `h${index}`) }],
  ["exclude list", { ...small, exclude: Array.from({ length: 10_000 }, (_, index) => `x${index}`) }],
  ["answer", { ...small, k: 1000 }],
])("one long %s does not pad the others' run", async (_, long) => {
  expect(await runSizes([...smallOnes.slice(15), long, ...smallOnes.slice(15)])).toEqual([1, 30]);
});
