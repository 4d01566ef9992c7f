// `evaluate` measures a file: only on the events it never saw, only as far as its lists go.
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeSmallShop } from "./testing/small-shop.ts";
import { createFolder, type Folder } from "./testing/terminal.ts";

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => folder.remove());

test("what is measured was fitted on less than what is released", async () => {
  writeSmallShop(folder);
  const { code, json, text } = await folder.attune("evaluate");
  expect(code, text).toBe(0);
  const trained = await folder.attune("train");
  const { measured, released } = trained.json as Record<"measured" | "released", { events: number }>;
  expect(json).toMatchObject({ measured });
  expect(measured.events).toBeLessThan(released.events);
});

test("no figure is given for lists longer than the artifact gives", async () => {
  writeSmallShop(folder, { export: { maxK: 7 } });
  const { json, text } = await folder.attune("evaluate");
  const { metrics } = json as { metrics: Record<string, unknown> };
  expect([...new Set(Object.keys(metrics).map((name) => name.split("@")[1]))]).toEqual(["5"]);
  expect(text).toContain("lists end at 7");
});

test("the measured model as a file gives the figures of the leaderboard, also with events many half-lives old", async () => {
  const rows = Array.from({ length: 800 }, (_, index) => {
    const user = index % 40;
    const item = (index * index + 3 * index + (user % 2) * 11) % 23;
    return `u${user},i${item},${1.6e9 + ((index * 7919) % 800) * 86_400}`;
  });
  const data = {
    events: { path: "events.csv", columns: { user: "user", item: "item", time: "time" } },
    rules: { halfLifeDays: 7 },
    split: { kind: "leave-last-out" },
  };
  writeSmallShop(folder, { data, train: { models: ["item-knn", "ease"] } });
  folder.write("events.csv", `user,item,time\n${rows.join("\n")}\n`);
  const trained = await folder.attune("train");
  expect(trained.code, trained.text).toBe(0);
  const { code, json, text } = await folder.attune("evaluate");
  expect(code, text).toBe(0);
  const { leaderboard } = trained.json as {
    leaderboard: { chosen: boolean; metrics: Record<string, unknown> }[];
  };
  const chosen = leaderboard.find((row) => row.chosen)!;
  const { metrics } = json as { metrics: Record<string, unknown> };
  for (const [name, estimate] of Object.entries(metrics)) expect(chosen.metrics[name]).toEqual(estimate);
});
