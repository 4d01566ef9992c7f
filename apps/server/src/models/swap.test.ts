// Swaps: leases, failed loads, overlapping reloads, models that may not follow each other, loading by hand.
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { contextualCatalogue, tinyArtifact, tinyPredictArtifact, tinyTasks } from "@attune/testkit";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../testing/artifact-folder.ts";
import { tinyVersion, writeVersion } from "../testing/model-repository.ts";
import { startModels, startReadyModels } from "../testing/start-models.ts";
import { writeAliasFile } from "./source/alias-file.ts";

/** Ready models over a repository with `movies/1`. */
async function startMovies(watches = false) {
  const dir = await temporaryFolder();
  await writeVersion(dir, "movies", 1);
  return { dir, ...(await startReadyModels({ modelsDir: dir }, watches)) };
}

const champion = (model: string, version: number) => ({ alias: "champion", model, version });

describe("a swap", () => {
  test("leaves an old version to those who hold it, and closes it with the last of them", async () => {
    const { dir, models, opener, ask } = await startMovies();
    const [first, second] = [models.lease(), models.lease("movies")];
    await writeVersion(dir, "movies", 2);
    expect(await models.reload()).toEqual({ loaded: ["movies/2"], retired: ["movies/1"], refused: [] });
    expect(ask()).toBe("movies/2");
    expect(ask("movies", { version: 1 })).toBe("SERVER_MODEL_UNKNOWN");
    expect(models.list().map(({ version, state }) => [version, state])).toEqual([
      [1, "retiring"],
      [2, "ready"],
    ]);
    first.release();
    first.release();
    for (let round = 0; round < 10; round++) await new Promise((resolve) => setImmediate(resolve));
    expect(first.version.isOpen).toBe(true);
    second.release();
    await models.reload();
    expect(first.version.isOpen).toBe(false);
    expect(opener.openCount).toBe(1);
    expect(models.list()).toHaveLength(1);
  });

  test("moves all aliases in one step: nobody sees one moved and the other not", async () => {
    const { dir, models, ask } = await startMovies();
    await writeAliasFile(dir, [champion("movies", 1), { ...champion("movies", 1), alias: "home" }]);
    await models.reload();
    await writeVersion(dir, "movies", 2);
    await writeVersion(dir, "movies", 3);
    await writeAliasFile(dir, [champion("movies", 2), { ...champion("movies", 3), alias: "home" }]);
    const seen = new Set<string>();
    let isOver = false;
    const swapping = models.reload().finally(() => {
      isOver = true;
    });
    while (!isOver) {
      seen.add(`${ask("champion")} ${ask("home")}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await swapping;
    seen.add(`${ask("champion")} ${ask("home")}`);
    expect([...seen]).toEqual(["movies/1 movies/1", "movies/2 movies/3"]);
  });

  test("a hundred times under leases holds two sessions, three where answers overlap, and loses none", async () => {
    const { dir, models, opener } = await startMovies();
    let isOver = false;
    const wrong: string[] = [];
    async function hold(): Promise<void> {
      while (!isOver) {
        const { version, release } = models.lease();
        await new Promise((resolve) => setImmediate(resolve));
        if (!version.isOpen) wrong.push(`${version.version} was closed under a lease`);
        release();
      }
    }
    const holders = Array.from({ length: 8 }, hold);
    for (let version = 2; version <= 101; version++) {
      await writeVersion(dir, "movies", version);
      const { loaded } = await models.reload();
      expect(loaded).toEqual([`movies/${version}`]);
      await rm(join(dir, "movies", String(version - 1)), { recursive: true });
    }
    isOver = true;
    await Promise.all(holders);
    expect(wrong).toEqual([]);
    expect(opener.peakCount).toBeLessThanOrEqual(3);
    await models.reload();
    expect(opener.openCount).toBe(1);
    expect(models.list()).toHaveLength(1);
  });

  test("that fails leaves all as it was, says why, and succeeds when the files are whole", async () => {
    const { dir, models, opener, swaps, ask } = await startMovies();
    const { "model.onnx": model, ...others } = tinyVersion(2).files;
    // As a disk that is full, or a copy under way, leaves it.
    await writeVersion(dir, "movies", 2, { files: others });
    expect((await models.reload()).refused).toEqual(["movies/2: ARTIFACT_MISSING_FILE: files are missing"]);
    await writeFile(join(dir, "movies/2/model.onnx"), model!.subarray(0, 100));
    const { refused } = await models.reload();
    expect(refused).toEqual(["movies/2: ARTIFACT_HASH: its files are not those its manifest promises"]);
    expect(ask()).toBe("movies/1");
    expect(opener.openCount).toBe(1);
    expect(models.list()).toMatchObject([
      { version: 1, state: "ready", reason: "" },
      { version: 2, state: "unavailable", reason: expect.stringContaining("ARTIFACT_HASH") },
    ]);
    await writeFile(join(dir, "movies/2/model.onnx"), model!);
    expect((await models.reload()).loaded).toEqual(["movies/2"]);
    expect(ask()).toBe("movies/2");
    expect(swaps).toEqual({ swapped: 1, refused: 2 });
  });

  test("does not read a version whose manifest has not arrived", async () => {
    const { dir, models, opener } = await startMovies();
    const { "manifest.json": _, ...others } = tinyVersion(2).files;
    await writeVersion(dir, "movies", 2, { files: others });
    expect(await models.reload()).toEqual({ loaded: [], retired: [], refused: [] });
    expect(opener.asked).toEqual(["movies/1"]);
  });

  test("replaces a version whose folder was replaced, and keeps it while that does not pass", async () => {
    const { dir, models, ask } = await startMovies();
    await writeVersion(dir, "movies", 2);
    await models.reload();
    const before = models.current()!.sha256;
    const other = tinyVersion(7, (manifest) => ({ ...manifest, version: 2 }));
    const { "model.onnx": model, ...rest } = other.files;
    await writeVersion(dir, "movies", 2, { files: { ...rest, "model.onnx": model!.subarray(1) } });
    const { loaded, retired, refused } = await models.reload();
    // Not the version below either: the one that answers is still whole in memory.
    expect([loaded, retired, refused.length]).toEqual([[], [], 1]);
    expect(models.current()!.sha256).toBe(before);
    await writeVersion(dir, "movies", 2, other);
    expect(await models.reload()).toEqual({ loaded: ["movies/2"], retired: ["movies/2"], refused: [] });
    expect(models.current()!.sha256).not.toBe(before);
    expect(ask()).toBe("movies/2");
  });

  test("happens by itself when the alias file is renamed into place", async () => {
    const { dir, ask } = await startMovies(true);
    await writeVersion(dir, "movies", 2);
    await writeAliasFile(dir, [champion("movies", 1)]);
    while (ask("champion") !== "movies/1") await new Promise((resolve) => setTimeout(resolve, 10));
    await writeAliasFile(dir, [champion("movies", 2)]);
    while (ask("champion") !== "movies/2") await new Promise((resolve) => setTimeout(resolve, 10));
  });
});

describe("reloads that overlap", () => {
  test("join: one runs, one waits, and it sees what they saw", async () => {
    const { dir, models, opener } = await startMovies();
    await writeVersion(dir, "movies", 2);
    const letGo = opener.hold();
    const running = models.reload();
    // It has begun when it asks for the version.
    while (opener.asked.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await writeVersion(dir, "movies", 3);
    const [second, third] = [models.reload(), models.reload()];
    letGo();
    expect((await running).loaded).toEqual(["movies/2"]);
    expect((await second).loaded).toEqual(["movies/3"]);
    expect(await third).toEqual(await second);
    expect(opener.asked).toEqual(["movies/1", "movies/2", "movies/3"]);
  });

  test("loads by hand wait for their turn", async () => {
    const { dir, models, opener } = await startMovies();
    await writeVersion(dir, "movies", 2);
    await writeVersion(dir, "books", 1);
    const letGo = opener.hold();
    const both = [models.load("books"), models.load("movies")];
    while (opener.asked.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(opener.asked).toEqual(["movies/1", "books/1"]);
    letGo();
    await Promise.all(both);
    expect(opener.asked).toEqual(["movies/1", "books/1", "movies/2"]);
  });
});

describe("closing", () => {
  test("during a load waits for it and leaves nothing open", async () => {
    const { dir, models, opener } = await startMovies();
    await writeVersion(dir, "movies", 2);
    const letGo = opener.hold();
    const loading = models.reload();
    while (opener.asked.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const closed = models.close();
    letGo();
    await closed;
    expect((await loading).loaded).toEqual([]);
    expect(opener.openCount).toBe(0);
    expect(() => models.lease()).toThrow();
    await expect(models.load("movies")).rejects.toMatchObject({ code: "SERVER_NOT_READY" });
    expect(await models.reload()).toEqual({ loaded: [], retired: [], refused: [] });
    await models.close();
  });

  test("during the first load tells whoever waits for it", async () => {
    const dir = await temporaryFolder();
    await writeVersion(dir, "movies", 1);
    const { models, opener } = startModels({ modelsDir: dir });
    const closed = models.close();
    await expect(models.ready).rejects.toMatchObject({ code: "SERVER_NOT_READY" });
    await closed;
    expect(opener.openCount).toBe(0);
  });

  test("waits for the leases", async () => {
    const { models, opener } = await startMovies();
    const lease = models.lease();
    let isClosed = false;
    const closed = models.close().then(() => {
      isClosed = true;
    });
    for (let round = 0; round < 10; round++) await new Promise((resolve) => setImmediate(resolve));
    expect([isClosed, lease.version.isOpen]).toEqual([false, true]);
    lease.release();
    await closed;
    expect(opener.openCount).toBe(0);
  });
});

describe("a model that callers of the old one could not ask", () => {
  const otherTask = tinyPredictArtifact(tinyTasks.regress, (manifest) => ({ ...manifest, version: 2 }));
  const otherSignature = tinyVersion(2, (manifest) => ({
    ...manifest,
    signature: { ...manifest.signature, version: 9 },
  }));

  test.each([
    ["of another task", otherTask, "task: recommend, then regress"],
    ["of another signature", otherSignature, "signature: version 2, then 9"],
  ])("%s does not take its place", async (_, artifact, issue) => {
    const { dir, models, ask, swaps, opener } = await startMovies();
    await writeVersion(dir, "movies", 2, artifact);
    const { loaded, retired, refused } = await models.reload();
    expect({ loaded, retired }).toEqual({ loaded: [], retired: [] });
    expect(refused.join()).toContain("movies/2: SERVER_SWAP");
    expect(refused.join()).toContain(issue);
    expect(ask()).toBe("movies/1");
    expect(models.list()[1]).toMatchObject({ version: 2, state: "unavailable" });
    expect(swaps).toEqual({ swapped: 0, refused: 1 });
    await expect(models.load("movies", 2)).rejects.toMatchObject({ code: "SERVER_SWAP" });
    expect(opener.openCount).toBe(1);
  });

  test("does not take over an alias, and may have one of its own", async () => {
    const { dir, models, ask } = await startMovies();
    await writeVersion(dir, "prices", 2, otherTask);
    await writeAliasFile(dir, [champion("movies", 1)]);
    await models.reload();
    await writeAliasFile(dir, [champion("prices", 2)]);
    const { loaded, refused } = await models.reload();
    expect(loaded).toEqual([]);
    expect(refused.join()).toContain("champion: SERVER_SWAP");
    expect(ask("champion")).toBe("movies/1");
    expect(models.list()).toContainEqual({
      name: "prices",
      version: 2,
      state: "unavailable",
      reason: expect.stringContaining("SERVER_SWAP"),
      aliases: [],
    });
    await writeAliasFile(dir, [champion("movies", 1), { ...champion("prices", 2), alias: "pricing" }]);
    expect((await models.reload()).refused).toEqual([]);
    expect([ask(), ask("pricing"), ask("prices")]).toEqual(["movies/1", "prices/2", "prices/2"]);
  });

  test("does not become the default of those who name none", async () => {
    const { dir, models, ask } = await startMovies();
    await writeVersion(dir, "prices", 2, otherTask);
    await writeAliasFile(dir, [{ ...champion("movies", 1), alias: "home" }]);
    await models.reload();
    await writeAliasFile(dir, [{ ...champion("movies", 1), alias: "home" }, champion("prices", 2)]);
    expect((await models.reload()).refused.join()).toContain("champion: SERVER_SWAP");
    expect(ask()).toBe("movies/1");
  });

  test("that lost a column is refused; one that gained some is fine", async () => {
    const dir = await temporaryFolder();
    const rich = tinyArtifact((same) => same, contextualCatalogue());
    const richer = tinyArtifact((manifest) => ({ ...manifest, version: 3 }), contextualCatalogue());
    await writeVersion(dir, "movies", 1, rich);
    const { models, ask } = await startReadyModels({ modelsDir: dir });
    await writeVersion(dir, "movies", 2);
    const { refused } = await models.reload();
    expect(refused.join()).toContain("column age: is gone");
    expect(ask()).toBe("movies/1");
    await rename(join(dir, "movies/2"), join(dir, "movies/2.tmp"));
    await writeVersion(dir, "movies", 3, richer);
    expect((await models.reload()).loaded).toEqual(["movies/3"]);
    const poor = await startMovies();
    await writeVersion(poor.dir, "movies", 3, richer);
    expect((await poor.models.reload()).loaded).toEqual(["movies/3"]);
  });
});

describe("by hand", () => {
  test("a model that no alias names is loaded and unloaded; reloads leave both alone", async () => {
    const { dir, models, ask } = await startMovies();
    await writeAliasFile(dir, [champion("movies", 1)]);
    await models.reload();
    await writeVersion(dir, "books", 1);
    await writeVersion(dir, "books", 2);
    await models.load("books");
    expect(ask("books")).toBe("books/2");
    await models.load("books", 1);
    expect([ask("books"), ask("books", { version: 1 })]).toEqual(["books/2", "books/1"]);
    expect(await models.reload()).toEqual({ loaded: [], retired: [], refused: [] });
    await models.unload("books", 2);
    expect([ask("books"), ask("books", { version: 2 })]).toEqual(["books/1", "SERVER_MODEL_UNAVAILABLE"]);
    await models.unload("books");
    expect(ask("books")).toBe("SERVER_MODEL_UNAVAILABLE");
    await models.reload();
    expect(models.list().map(({ name, version, state, reason }) => [name, version, state, reason])).toEqual([
      ["books", 1, "unavailable", "unloaded"],
      ["books", 2, "unavailable", "unloaded"],
      ["movies", 1, "ready", ""],
    ]);
    expect(ask()).toBe("movies/1");
  });

  test("the only model is unloaded, stays so, and is loaded again", async () => {
    const { models, ask, opener } = await startMovies();
    await models.unload("movies");
    await models.reload();
    expect([ask(), ask("movies")]).toEqual(["SERVER_MODEL_UNKNOWN", "SERVER_MODEL_UNAVAILABLE"]);
    expect(opener.openCount).toBe(0);
    await models.load("movies");
    expect([ask(), ask("movies")]).toEqual(["movies/1", "movies/1"]);
  });

  test("a higher version takes over where there are no aliases, a lower one is only there", async () => {
    const { dir, models, ask } = await startMovies();
    await writeVersion(dir, "movies", 2);
    await models.load("movies", 2);
    expect([ask(), ask("movies", { version: 1 })]).toEqual(["movies/2", "SERVER_MODEL_UNKNOWN"]);
    await models.load("movies", 1);
    expect([ask(), ask("movies", { version: 1 })]).toEqual(["movies/2", "movies/1"]);
  });

  test("what an alias leads to is not unloaded", async () => {
    const { dir, models, ask } = await startMovies();
    await writeAliasFile(dir, [champion("movies", 1)]);
    await models.reload();
    for (const version of [undefined, 1]) {
      await expect(models.unload("movies", version)).rejects.toMatchObject({
        code: "SERVER_MODEL_ALIASED",
        details: { aliases: ["champion"] },
      });
    }
    expect(ask()).toBe("movies/1");
  });

  test("a version that is not there, or is damaged, is refused; what is in place stays", async () => {
    const { dir, models, ask } = await startMovies();
    await expect(models.load("movies", 9)).rejects.toMatchObject({ code: "SERVER_MODEL_UNKNOWN" });
    await expect(models.load("nothing")).rejects.toMatchObject({ code: "SERVER_MODEL_UNKNOWN" });
    await expect(models.unload("movies", 9)).rejects.toMatchObject({ code: "SERVER_MODEL_UNKNOWN" });
    await writeVersion(dir, "movies", 2);
    await writeFile(join(dir, "movies/2/golden.json"), "{}");
    await expect(models.load("movies")).rejects.toMatchObject({ code: "ARTIFACT_HASH" });
    expect(ask()).toBe("movies/1");
  });
});
