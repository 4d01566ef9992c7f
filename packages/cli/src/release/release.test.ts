import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Seeded, seeded } from "@attune/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openData } from "../pipeline/open-data.ts";
import { runTrain } from "../pipeline/train.ts";
import { loadProject } from "../project/load.ts";
import { createIo, run } from "../testing/terminal.ts";
import { type ReleaseOptions, runExport } from "./run-export.ts";

const itemsPerTaste = 12;
const tasteCount = 4;
const userCount = 240;
const dayMs = 86_400_000;

interface ShopEvent {
  readonly user: number;
  readonly item: number;
  readonly day: number;
}

/** People who mostly meet things of one taste. */
function shop(random: Seeded, days: readonly [from: number, to: number]): ShopEvent[] {
  const events: ShopEvent[] = [];
  for (let user = 0; user < userCount; user++) {
    for (let day = days[0]; day < days[1]; day += 1) {
      const taste = random.next() < 0.9 ? user % tasteCount : random.integer(tasteCount);
      events.push({ user, item: taste * itemsPerTaste + random.integer(itemsPerTaste), day });
    }
  }
  return events;
}

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "attune-release-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function writeProject(events: readonly ShopEvent[], models?: readonly unknown[]): void {
  const lines = events
    .toSorted((a, b) => a.day - b.day)
    .map(({ user, item, day }) => `u${user},i${item},${new Date(day * dayMs).toISOString()}`);
  writeFileSync(path.join(dir, "events.csv"), `user,item,time\n${lines.join("\n")}\n`);
  const config = {
    name: "shop",
    data: {
      events: {
        path: "events.csv",
        columns: { user: "user", item: "item", time: "time" },
        timeUnit: "iso",
      },
      split: { kind: "global-time" },
    },
    train: { models: models ?? ["popularity", "item-knn"], bootstrapSamples: 200, budget: { trials: 4 } },
    export: { goldenRows: 8 },
  };
  writeFileSync(path.join(dir, "attune.config.json"), JSON.stringify(config));
}

async function release(options: ReleaseOptions = {}) {
  const io = createIo(dir);
  const { project, dataset, family } = await openData(await loadProject(dir), io);
  return runExport(project, dataset, await runTrain(project, dataset, family, io), io, options);
}

const versions = () => readdirSync(path.join(dir, ".attune/artifacts/shop")).sort();

test("a first version and the same training again are released", async () => {
  writeProject(shop(seeded(1), [0, 10]));
  const first = await release();
  expect(first.verdict).toMatchObject({ kind: "first" });
  expect(first.manifest.model.kind).toBe("item-knn");
  expect(await release()).toMatchObject({ cached: true, verdict: { kind: "same", previous: 1 } });
});

test("a night of shuffled ids is not released in the place of a model", async () => {
  const events = shop(seeded(1), [0, 10]);
  writeProject(events);
  await release();
  const random = seeded(2);
  const shuffled = events.map((event) => ({ ...event, item: random.integer(tasteCount * itemsPerTaste) }));
  writeProject(shuffled);
  await expect(release()).rejects.toMatchObject({
    code: "RELEASE_WORSE",
    details: { name: "shop", previous: 1, reasons: [expect.stringContaining("no model beat popularity")] },
  });
  expect(versions()).toEqual(["1"]);

  const allowed = await release({ allowWorse: true });
  expect(allowed.verdict.kind).toBe("fell-back");
  expect(versions()).toEqual(["1", "2"]);
});

test("a first version that is popularity is said, unless popularity is all that was asked for", async () => {
  const random = seeded(2);
  const noise = shop(seeded(1), [0, 10]).map((event) => ({ ...event, item: random.integer(48) }));
  writeProject(noise);
  expect((await release()).verdict.kind).toBe("baseline");
  rmSync(path.join(dir, ".attune"), { recursive: true });
  writeProject(noise, ["popularity"]);
  expect((await release()).verdict.kind).toBe("first");
});

test("a pipeline sees a step back and a model that is none by an exit code of their own", async () => {
  const events = shop(seeded(1), [0, 10]);
  const random = seeded(2);
  const noise = events.map((event) => ({ ...event, item: random.integer(48) }));
  writeProject(noise);
  const exported = await run(["export", "--json"], dir);
  expect(exported, exported.text).toMatchObject({
    code: 3,
    json: { artifact: { version: 1 }, release: { kind: "baseline" } },
    text: expect.stringContaining("The released model is not personal"),
  });
  const answer = await run(["recommend", "--history", "i1,i2", "--json"], dir);
  expect(answer).toMatchObject({ json: { source: "fallback", unknown: 0 } });
  expect(answer.text).toContain("the same for everyone");
  const allowed = await run(["quickstart", "--no-serve", "--no-web", "--allow-worse", "--json"], dir);
  expect(allowed.code, allowed.text).toBe(0);

  writeProject(events);
  expect((await run(["export", "--json"], dir)).code).toBe(0);
  writeProject(noise);
  expect(await run(["export", "--json"], dir)).toMatchObject({
    code: 3,
    json: { error: { code: "RELEASE_WORSE", details: { previous: 2 } } },
  });
});

test("a model that lost most of its events is clearly worse on people and events that neither was fitted on", async () => {
  const before = shop(seeded(1), [0, 10]);
  const later = shop(seeded(3), [10, 12]);
  writeProject(before);
  await release();
  writeProject([...before, ...later]);
  const { verdict } = await release();
  expect(verdict).toMatchObject({ kind: "sound", previous: 1 });
  expect(verdict.comparison!.users).toBeGreaterThan(100);

  const random = seeded(4);
  const lost = before.map((event) => (random.next() < 0.5 ? { ...event, item: random.integer(48) } : event));
  const newest = shop(seeded(5), [12, 14]);
  writeProject([...lost, ...newest]);
  const failure = await release().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "RELEASE_WORSE", details: { previous: 2 } });
  expect(String(failure)).toMatch(/ndcg@10 is clearly lower than that of version 2 on \d+ people/);
  expect(versions()).toEqual(["1", "2"]);
});

test("a night that adds a day is no step back, though the released version knew newer days than what is measured", async () => {
  // Tastes move in the last days: whoever was fitted on them knows better than a model that ends before.
  const moving = (from: number, to: number, seed: number) =>
    shop(seeded(seed), [from, to]).map((event) =>
      event.day < 18 ? event : { ...event, item: (event.item + 2 * itemsPerTaste) % 48 },
    );
  writeProject(moving(0, 20, 1));
  await release();
  writeProject([...moving(0, 20, 1), ...moving(20, 21, 2)]);
  const { verdict } = await release();
  expect(verdict, verdict.reason).toMatchObject({ kind: "sound", previous: 1 });
  expect(verdict.comparison!.users).toBeGreaterThan(100);
});

test("other settings on the same events are put to the same people", async () => {
  const events = shop(seeded(1), [0, 10]);
  writeProject(events);
  await release();
  const poor = { kind: "item-knn", hyperparameters: { neighbours: 1 } };
  writeProject(events, ["popularity", poor]);
  expect(await release().catch((error: unknown) => error)).toMatchObject({
    code: "RELEASE_WORSE",
    details: { reasons: [expect.stringContaining("ndcg@10 is clearly lower")] },
  });
});

test("without the training of the version before nothing is compared, and that is said", async () => {
  writeProject(shop(seeded(1), [0, 10]));
  await release();
  rmSync(path.join(dir, ".attune/models"), { recursive: true });
  writeProject(shop(seeded(6), [0, 10]));
  const { verdict } = await release();
  expect(verdict.kind).toBe("sound");
  expect(verdict.reason).toMatch(
    /not compared with version 1 user by user: its dataset and training .* \(FILE_READ\)/,
  );
  expect(versions()).toEqual(["1", "2"]);
});

test("a damaged newest version does not let a night of shuffled ids pass as a first version", async () => {
  const events = shop(seeded(1), [0, 10]);
  writeProject(events);
  await release();
  await release({ version: 2 });
  writeFileSync(path.join(dir, ".attune/artifacts/shop/2/manifest.json"), "{");
  const random = seeded(2);
  writeProject(events.map((event) => ({ ...event, item: random.integer(tasteCount * itemsPerTaste) })));
  await expect(release()).rejects.toMatchObject({ code: "RELEASE_WORSE", details: { previous: 1 } });
});

test("a version below the newest is said not to be the newest", async () => {
  writeProject(shop(seeded(1), [0, 10]));
  await release({ version: 7 });
  const { text } = await run(["export", "--as", "3", "--json"], dir);
  expect(text).toContain("Version 7 stays the newest");
  expect((await run(["export", "--json"], dir)).text).not.toContain("stays the newest");
});
