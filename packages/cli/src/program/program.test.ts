// The steps as a program calls them: data comes back, nothing is printed, and the commands see what they did.
import { readdirSync } from "node:fs";
import path from "node:path";
import { isAttuneError } from "@attune/contracts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { exportArtifact, type ProjectConfigInput, prepare, type StepEvent, train, verify } from "../index.ts";
import { createFolder, type Folder } from "../testing/terminal.ts";

let folder: Folder;
let printed: string[];

beforeEach(() => {
  folder = createFolder();
  printed = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((chunk) => {
      printed.push(String(chunk));
      return true;
    });
  }
  // 60 users, two tastes: each meets 12 of the 30 items of one.
  const rows = Array.from({ length: 720 }, (_, index) => {
    const [user, turn] = [index % 60, Math.floor(index / 60)];
    return `u${user},i${(user % 2) * 30 + ((user + turn * 7) % 30)},${1_700_000_000 + index}`;
  });
  folder.write("events.csv", `user,item,time\n${rows.join("\n")}\n`);
});
afterEach(() => folder.remove());

const config: ProjectConfigInput = {
  name: "shop",
  data: {
    events: { path: "events.csv", columns: { user: "user", item: "item", time: "time" } },
    split: { kind: "leave-last-out" },
  },
  train: { models: ["popularity", "item-knn"] },
};

test("each step goes on from the one before, returns data and prints nothing", async () => {
  const options = { projectDir: folder.dir, config };
  const dataset = await prepare(options);
  const training = await train(options);
  const exported = await exportArtifact({ ...options, version: 7 });
  const { parity, unverified } = await verify({ artifact: exported.dir, web: "skip" });

  expect(dataset).toMatchObject({ cached: false, manifest: { measured: { users: 60, items: 60 } } });
  expect(training.manifest.datasetKey).toBe(dataset.manifest.key);
  expect(training.leaderboard.map(({ kind }) => kind).sort()).toEqual(["item-knn", "popularity"]);
  expect(exported).toMatchObject({ cached: false, release: { kind: "first" }, manifest: { version: 7 } });
  expect(exported.dir).toBe(path.join(folder.dir, ".attune/artifacts/shop/7"));
  expect(parity.node.sameAnswer).toBe(1);
  expect(unverified?.web).toBeTypeOf("string");
  expect(printed).toEqual([]);

  expect((await prepare(options)).cached).toBe(true);
  expect((await train(options)).cached).toBe(true);
});

test("what a command would say becomes events", async () => {
  const events: StepEvent[] = [];
  await train({ projectDir: folder.dir, config, onEvent: (event) => events.push(event) });
  expect(new Set(events.map(({ step }) => step))).toEqual(new Set(["train"]));
  expect(events.some(({ text }) => text.includes("chosen of 2 models"))).toBe(true);
});

test("without a config the file in the folder is taken, as commands do", async () => {
  folder.write("attune.config.json", JSON.stringify(config));
  const { manifest } = await prepare({ projectDir: folder.dir });
  const { code, json } = await folder.attune("prepare");
  expect(code).toBe(0);
  expect(json).toMatchObject({ key: manifest.key, cached: true });
});

test("a signal ends a training, and nothing half done stays", async () => {
  const stop = new AbortController();
  const stopped = train({
    projectDir: folder.dir,
    config,
    signal: stop.signal,
    onEvent: ({ text }) => text.startsWith("Settings are tuned") && stop.abort(),
  });
  const error = await stopped.catch((cause: unknown) => cause);
  expect(isAttuneError(error, "TRAIN_ABORTED"), String(error)).toBe(true);
  expect(readdirSync(path.join(folder.dir, ".attune"))).not.toContain("models");
});

test("what is wrong is thrown as an error with a code", async () => {
  const none = await prepare({ projectDir: folder.dir }).catch((cause: unknown) => cause);
  expect(isAttuneError(none, "CONFIG_NOT_FOUND")).toBe(true);
  const wrong = await train({ projectDir: folder.dir, config: { ...config, name: "" } }).catch(
    (cause: unknown) => cause,
  );
  expect(isAttuneError(wrong, "CONFIG_INVALID")).toBe(true);
});

test.each([
  ["a version of 0", () => exportArtifact({ projectDir: folder.dir, config, version: 0 })],
  ["a version as text", () => exportArtifact({ projectDir: folder.dir, config, version: "7" as never })],
  ["no artifact", () => verify({} as never)],
  ["an unknown browser half", () => verify({ artifact: folder.dir, web: "nope" as never })],
])("%s is refused by name, before any work", async (_, call) => {
  await expect(call()).rejects.toMatchObject({ code: "CLI_OPTION" });
});
