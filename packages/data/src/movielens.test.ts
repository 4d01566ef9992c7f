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
      items: {
        path: "movies.csv",
        columns: { item: "movieId", title: "title" },
        show: ["genres"],
        features: { genres: { kind: "set" } },
      },
      rules: { minRating: 4, minUserEvents: 5, minItemEvents: 5 },
      split: { kind: "by-user", validation: 0.15, test: 0.15 },
    },
  },
  "the test",
);

test("MovieLens: the counts of every rule, and a dataset that adds up", async () => {
  const { dir, manifest } = await prepareDataset({ config, projectDir, outDir });
  const { measured, released } = await loadDataset(dir);
  const { events, roles, itemIds, itemDetails, userIds } = measured;

  expect(manifest.source.rows).toBe(100_836);
  expect(manifest.rules.map(({ scope, rule, rowsAfter }) => [scope, rule, rowsAfter])).toEqual([
    ["raw", "missing ids", 100_836],
    ["raw", "minimum rating", 48_580],
    ["raw", "exact copies", 48_580],
    ["train", "k-core", manifest.roles.train],
    ["release", "k-core", 41_227],
  ]);
  expect(manifest.released).toEqual({ events: 41_227, users: 601, items: released.itemIds.length });
  expect(manifest.measured).toEqual({
    events: events.items.length,
    users: userIds.length,
    items: itemIds.length,
  });
  expect(Object.values(manifest.roles).reduce((sum, count) => sum + count)).toBe(manifest.measured.events);
  expect(itemDetails?.[0]).toMatchObject({ genres: expect.stringContaining("|") });
  expect(released.itemDetails?.[0]).toEqual({
    id: "318",
    title: "Shawshank Redemption, The (1994)",
    genres: "Crime|Drama",
  });
  expect(itemDetails?.every(({ id, title }) => title !== "" && title !== id)).toBe(true);
  expect(released.itemFeatures).toMatchObject({
    rowCount: released.itemIds.length,
    columns: [{ name: "genres", kind: "set", levels: expect.arrayContaining(["Comedy", "Drama"]) }],
  });

  const trained = Array.from(itemIds, () => new Set<number>());
  for (const [user] of userIds.entries()) {
    const fitted = new Set<number>();
    for (let at = events.offsets[user]!; at < events.offsets[user + 1]!; at++) {
      if (at > events.offsets[user]!) expect(events.times[at]!).toBeGreaterThanOrEqual(events.times[at - 1]!);
      if (roles[at] !== eventRole.train) continue;
      fitted.add(events.items[at]!);
      trained[events.items[at]!]!.add(user);
    }
    if (fitted.size > 0) expect(fitted.size).toBeGreaterThanOrEqual(5);
  }
  const counts = trained.map(({ size }) => size);
  expect(counts).toEqual([...counts].sort((a, b) => b - a));
  expect(counts.at(-1)).toBeGreaterThanOrEqual(5);
});
