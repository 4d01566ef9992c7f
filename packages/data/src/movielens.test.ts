import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventRole } from "@attune/contracts";
import { parseProjectConfig } from "@attune/contracts/config";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadDataset } from "./load.ts";
import { prepareDataset } from "./prepare.ts";

const projectDir = fileURLToPath(new URL("../../../examples/movielens", import.meta.url));
let outDir: string;

beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), "attune-movielens-"));
});

afterAll(() => rmSync(outDir, { recursive: true, force: true }));

/** The files of the example under our own rules: its config may be tuned without touching this test. */
const config = parseProjectConfig(
  {
    name: "movielens",
    data: {
      events: {
        path: "ratings.csv",
        columns: { user: "userId", item: "movieId", rating: "rating", time: "timestamp" },
      },
      items: { path: "movies.csv", columns: { item: "movieId", title: "title" }, extra: ["genres"] },
      rules: { minRating: 4, minUserEvents: 5, minItemEvents: 5 },
      split: { kind: "by-user", validation: 0.15, test: 0.15 },
    },
  },
  "the test",
);

test("MovieLens: the counts of every rule, and a dataset that adds up", async () => {
  const { dir, manifest } = await prepareDataset({ config, projectDir, outDir });
  const { events, roles, itemIds, itemDetails, userIds } = await loadDataset(dir);

  expect(manifest.source.rows).toBe(100_836);
  expect(manifest.rules.map(({ rule, rowsAfter }) => [rule, rowsAfter])).toEqual([
    ["missing ids", 100_836],
    ["minimum rating", 48_580],
    ["duplicates", 48_580],
    ["k-core", 41_227],
  ]);
  expect(manifest.counts).toEqual({ events: 41_227, users: 601, items: itemIds.length });
  expect(Object.values(manifest.roles).reduce((sum, count) => sum + count)).toBe(41_227);
  expect(itemDetails?.[0]).toEqual({
    id: "318",
    title: "Shawshank Redemption, The (1994)",
    genres: "Crime|Drama",
  });
  expect(itemDetails?.every(({ id, title }) => title !== "" && title !== id)).toBe(true);

  const trained = new Int32Array(itemIds.length);
  for (const [user] of userIds.entries()) {
    const own = [...Array(events.offsets[user + 1]! - events.offsets[user]!).keys()].map(
      (n) => n + events.offsets[user]!,
    );
    expect(own.length).toBeGreaterThanOrEqual(5);
    for (const at of own) {
      if (at > own[0]!) expect(events.times[at]!).toBeGreaterThanOrEqual(events.times[at - 1]!);
      if (roles[at] === eventRole.train) trained[events.items[at]!]!++;
    }
  }
  expect([...trained]).toEqual([...trained].sort((a, b) => b - a));
  expect(trained.at(-1)).toBeGreaterThan(0);
});
