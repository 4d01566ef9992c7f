// What is loaded and by which names it answers: a repository with and without an alias file, and a single artifact.
import { rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../testing/artifact-folder.ts";
import { tinyVersion, writeVersion } from "../testing/model-repository.ts";
import { startModels, startReadyModels } from "../testing/start-models.ts";
import type { VersionStatus } from "./models.ts";
import { writeAliasFile } from "./source/alias-file.ts";

/** A repository with these versions. */
async function repositoryOf(...ids: readonly string[]): Promise<string> {
  const dir = await temporaryFolder();
  for (const id of ids) {
    const [name, version] = id.split("/") as [string, string];
    await writeVersion(dir, name, Number(version));
  }
  return dir;
}

const damage = (dir: string, id: string) => writeFile(join(dir, id, "model.onnx"), "damaged");

const stateOf = (list: readonly VersionStatus[]) =>
  Object.fromEntries(list.map(({ name, version, state }) => [`${name}/${version}`, state]));

const champion = { alias: "champion", model: "movies", version: 3 };

describe("without an alias file", () => {
  test("each model answers by its highest version; the only model is the default", async () => {
    const dir = await repositoryOf("movies/2", "movies/10");
    const { models, ask, opener } = await startReadyModels({ modelsDir: dir });
    expect([ask(), ask("movies")]).toEqual(["movies/10", "movies/10"]);
    expect(opener.asked).toEqual(["movies/10"]);
    expect(models.current()?.version).toBe(10);
    expect(models.bySha256(models.current()!.sha256)).toBe(models.current());
    expect(models.bySha256("0".repeat(64))).toBeUndefined();
  });

  test("several models have no default unless one is named", async () => {
    const dir = await repositoryOf("movies/1", "books/1");
    const { ask, models, readiness } = await startReadyModels({ modelsDir: dir });
    expect([ask(), ask("movies"), ask("books")]).toEqual(["SERVER_MODEL_UNKNOWN", "movies/1", "books/1"]);
    expect(() => models.lease()).toThrow(/name one in the request/);
    expect(models.current()).toBeUndefined();
    expect(readiness.report()).toMatchObject({ state: "ready", reasons: [] });
    expect((await startReadyModels({ modelsDir: dir, defaultModel: "books" })).ask()).toBe("books/1");
  });

  test("a damaged highest version leaves the one below it, also at a start", async () => {
    const dir = await repositoryOf("movies/1", "movies/2", "movies/3");
    await damage(dir, "movies/3");
    const { ask, models, readiness } = await startReadyModels({ modelsDir: dir });
    expect(ask("movies")).toBe("movies/2");
    expect(stateOf(models.list())).toEqual({ "movies/2": "ready", "movies/3": "unavailable" });
    expect(ask("movies", { version: 3 })).toBe("SERVER_MODEL_UNAVAILABLE");
    expect(readiness.report()).toMatchObject({
      state: "ready",
      models: {
        movies: [
          { version: 2, state: "ready" },
          { version: 3, state: "unavailable", code: "ARTIFACT_HASH" },
        ],
      },
    });
  });

  test("a model that is removed goes, the default stays, and so does everything when all is gone", async () => {
    const dir = await repositoryOf("movies/1", "books/1");
    const { ask, models } = await startReadyModels({ modelsDir: dir, defaultModel: "movies" });
    await rm(join(dir, "books"), { recursive: true });
    expect(await models.reload()).toEqual({ loaded: [], retired: ["books/1"], refused: [] });
    expect(ask("books")).toBe("SERVER_MODEL_UNKNOWN");
    await rm(join(dir, "movies"), { recursive: true });
    const { retired, refused } = await models.reload();
    expect(retired).toEqual([]);
    expect(refused.join()).toContain("SERVER_REPOSITORY");
    expect(ask()).toBe("movies/1");
    await rm(dir, { recursive: true });
    expect((await models.reload()).refused.join()).toContain("SERVER_REPOSITORY");
    expect(ask()).toBe("movies/1");
  });

  test("removing the highest version leads back to the one below", async () => {
    const dir = await repositoryOf("movies/1", "movies/2");
    const { ask, models } = await startReadyModels({ modelsDir: dir });
    await rm(join(dir, "movies/2"), { recursive: true });
    expect(await models.reload()).toEqual({ loaded: ["movies/1"], retired: ["movies/2"], refused: [] });
    expect(ask()).toBe("movies/1");
  });

  test("a second model does not take the answers of those who name none", async () => {
    const dir = await repositoryOf("movies/1");
    const { ask, models } = await startReadyModels({ modelsDir: dir });
    await writeVersion(dir, "books", 1);
    await models.reload();
    expect([ask(), ask("books")]).toEqual(["movies/1", "books/1"]);
  });
});

describe("with an alias file", () => {
  test("only what aliases name is loaded, and the champion is the default", async () => {
    const dir = await repositoryOf("movies/3", "movies/4", "movies/5", "books/1");
    await writeAliasFile(dir, [champion, { alias: "challenger", model: "movies", version: 4 }]);
    const { ask, models, opener } = await startReadyModels({ modelsDir: dir });
    expect(opener.asked).toEqual(["movies/3", "movies/4"]);
    expect([ask(), ask("champion"), ask("challenger"), ask("movies")]).toEqual([
      "movies/3",
      "movies/3",
      "movies/4",
      "movies/3",
    ]);
    expect(ask("books")).toBe("SERVER_MODEL_UNKNOWN");
    const lease = models.lease("champion");
    lease.release();
    expect(lease.alias).toBe("champion");
    expect(models.list().map(({ version, aliases }) => [version, aliases])).toEqual([
      [3, ["champion"]],
      [4, ["challenger"]],
    ]);
  });

  test("a split gives a key the same version always, and both get some", async () => {
    const dir = await repositoryOf("movies/3", "movies/4");
    const split = [
      { model: "movies", version: 3, share: 0.5 },
      { model: "movies", version: 4, share: 0.5 },
    ];
    await writeAliasFile(dir, [{ alias: "home", seed: 7, split }]);
    const [one, other] = [
      await startReadyModels({ modelsDir: dir }),
      await startReadyModels({ modelsDir: dir }),
    ];
    const keys = Array.from({ length: 100 }, (_, index) => `user-${index}`);
    const answers = keys.map((key) => one.ask("home", { key }));
    expect(new Set(answers)).toEqual(new Set(["movies/3", "movies/4"]));
    expect(keys.map((key) => other.ask("home", { key }))).toEqual(answers);
  });

  test("the default may be any alias, or a model that no alias names", async () => {
    const dir = await repositoryOf("movies/3", "movies/4", "books/7");
    await writeAliasFile(dir, [champion, { alias: "trial", model: "movies", version: 4 }]);
    expect((await startReadyModels({ modelsDir: dir, defaultModel: "trial" })).ask()).toBe("movies/4");
    expect((await startReadyModels({ modelsDir: dir, defaultModel: "books" })).ask()).toBe("books/7");
  });

  test("that is wrong leaves the aliases in place, says every problem, and a good one is taken over later", async () => {
    const dir = await repositoryOf("movies/3", "movies/4");
    await writeAliasFile(dir, [champion]);
    const { ask, models, complaints, swaps } = await startReadyModels({ modelsDir: dir });
    for (const text of ['{"schemaVersion":1,"aliases":[{"ali', "", "null"]) {
      await writeFile(join(dir, "aliases.json"), text);
      const { loaded, retired, refused } = await models.reload();
      expect({ loaded, retired }).toEqual({ loaded: [], retired: [] });
      expect(refused.join()).toMatch(/^aliases.json: SERVER_ALIASES: /);
      expect(ask()).toBe("movies/3");
    }
    await rm(join(dir, "aliases.json"));
    expect((await models.reload()).refused.join()).toContain("write one with an empty list");
    expect(ask("champion")).toBe("movies/3");
    expect(swaps).toEqual({ swapped: 0, refused: 4 });
    expect(complaints).toHaveLength(4);
    await writeAliasFile(dir, [{ ...champion, version: 4 }]);
    expect(await models.reload()).toEqual({ loaded: ["movies/4"], retired: ["movies/3"], refused: [] });
    expect(ask("champion")).toBe("movies/4");
  });

  test("an alias to a damaged version stays where it was while the others move", async () => {
    const dir = await repositoryOf("movies/3", "movies/4", "movies/5");
    await damage(dir, "movies/5");
    await writeAliasFile(dir, [champion, { ...champion, alias: "challenger" }]);
    const { ask, models } = await startReadyModels({ modelsDir: dir });
    const next = [
      { ...champion, version: 5 },
      { ...champion, alias: "challenger", version: 4 },
      { ...champion, alias: "fresh", version: 5 },
    ];
    await writeAliasFile(dir, next);
    const { loaded, retired, refused } = await models.reload();
    expect({ loaded, retired }).toEqual({ loaded: ["movies/4"], retired: [] });
    expect(refused).toEqual(["movies/5: ARTIFACT_HASH: its files are not those its manifest promises"]);
    expect([ask("champion"), ask("challenger"), ask("fresh")]).toEqual([
      "movies/3",
      "movies/4",
      "SERVER_MODEL_UNAVAILABLE",
    ]);
    expect(() => models.lease("fresh")).toThrow(/movies\/5: ARTIFACT_HASH/);
    await writeVersion(dir, "movies", 5);
    expect((await models.reload()).loaded).toEqual(["movies/5"]);
    expect([ask("champion"), ask("fresh")]).toEqual(["movies/5", "movies/5"]);
  });

  test("with an empty list is as none", async () => {
    const dir = await repositoryOf("movies/3", "movies/4");
    await writeAliasFile(dir, [champion]);
    const { ask, models } = await startReadyModels({ modelsDir: dir });
    await writeAliasFile(dir, []);
    await models.reload();
    expect([ask(), ask("champion")]).toEqual(["movies/4", "SERVER_MODEL_UNKNOWN"]);
  });
});

describe("a start that fails", () => {
  test("refuses an alias file that claims one alias twice, until it is corrected", async () => {
    const dir = await repositoryOf("movies/3");
    const text = JSON.stringify({ schemaVersion: 1, aliases: [champion, champion] });
    await writeFile(join(dir, "aliases.json"), text);
    const { models, readiness, ask } = startModels({ modelsDir: dir });
    await expect(models.ready).rejects.toMatchObject({ code: "SERVER_ALIASES" });
    expect(readiness.report()).toMatchObject({
      state: "failed",
      reasons: ["repository: SERVER_ALIASES; the log has the rest"],
    });
    expect(ask()).toBe("SERVER_NOT_READY");
    await writeAliasFile(dir, [champion]);
    await models.reload();
    expect(readiness.report()).toMatchObject({ state: "ready", reasons: [] });
    expect(ask()).toBe("movies/3");
  });

  test("says which step the default failed at, whatever else is fine", async () => {
    const dir = await repositoryOf("movies/3", "books/1");
    await damage(dir, "movies/3");
    await writeAliasFile(dir, [champion, { alias: "shop", model: "books", version: 1 }]);
    const { models, readiness, ask } = startModels({ modelsDir: dir });
    await expect(models.ready).rejects.toMatchObject({ code: "ARTIFACT_HASH" });
    expect(readiness.report().reasons).toEqual(["load: ARTIFACT_HASH; the log has the rest"]);
    expect(ask("shop")).toBe("SERVER_NOT_READY");
  });

  test("is ready though something beside the default is damaged", async () => {
    const dir = await repositoryOf("movies/3", "books/1");
    await damage(dir, "books/1");
    await writeAliasFile(dir, [champion, { alias: "shop", model: "books", version: 1 }]);
    const { ask } = await startReadyModels({ modelsDir: dir });
    expect([ask(), ask("shop"), ask("books")]).toEqual([
      "movies/3",
      "SERVER_MODEL_UNAVAILABLE",
      "SERVER_MODEL_UNAVAILABLE",
    ]);
  });

  test.each([
    ["an empty repository", [], undefined, "SERVER_REPOSITORY"],
    ["a default that is not there", ["movies/3"], "nothing", "SERVER_MODEL_UNKNOWN"],
  ])("with %s", async (_, ids, defaultModel, code) => {
    const { models, readiness } = startModels({ modelsDir: await repositoryOf(...ids), defaultModel });
    await expect(models.ready).rejects.toMatchObject({ code });
    expect(readiness.report().reasons).toEqual([`repository: ${code}; the log has the rest`]);
  });
});

test("problems of the folder are one warning, told once", async () => {
  const dir = await repositoryOf("movies/3", "a..b/1");
  await writeVersion(dir, "movies/01", 1);
  const { models, complaints } = await startReadyModels({ modelsDir: dir });
  await models.reload();
  expect(complaints).toHaveLength(1);
  expect(complaints[0]!.fields.problems).toHaveLength(2);
  await rm(join(dir, "a..b"), { recursive: true });
  await models.reload();
  expect(complaints).toHaveLength(2);
});

test("the folder of a version must be named after the version of its manifest", async () => {
  const dir = await repositoryOf("movies/3");
  await writeVersion(dir, "movies", 4, tinyVersion(5));
  const { ask, models, opener } = await startReadyModels({ modelsDir: dir });
  expect(ask()).toBe("movies/3");
  expect(models.list().find(({ version }) => version === 4)?.reason).toContain("its manifest says version 5");
  expect(opener.openCount).toBe(1);
});

describe("names and paths", () => {
  test.each(["..", "../movies", "movies/3", "%2e%2e", "__proto__", "constructor", "", "x".repeat(100_000)])(
    "%j is unknown, and long names are not repeated",
    async (name) => {
      const { models, ask } = await startReadyModels({ modelsDir: await repositoryOf("movies/3") });
      expect(ask(name)).toBe("SERVER_MODEL_UNKNOWN");
      await expect(models.load(name)).rejects.toMatchObject({ code: "SERVER_MODEL_UNKNOWN" });
      await expect(models.unload(name)).rejects.toMatchObject({ code: "SERVER_MODEL_UNKNOWN" });
      expect(() => models.lease(name)).toThrow(/^.{1,300}$/s);
    },
  );

  test("nothing that goes out holds the path of the repository", async () => {
    const dir = await repositoryOf("movies/3", "movies/4", "movies/5");
    await damage(dir, "movies/5");
    await rm(join(dir, "movies/4/model.onnx"));
    const { models, readiness } = await startReadyModels({ modelsDir: dir });
    await writeFile(join(dir, "aliases.json"), "[");
    const out = JSON.stringify([models.list(), readiness.report(), await models.reload()]);
    expect(out).toContain("ARTIFACT_MISSING_FILE");
    expect(out).not.toContain(dir);
  });
});

describe("a single artifact", () => {
  test("answers by its manifest's name; a reload reads the folder again and swaps if its files changed", async () => {
    const dir = await temporaryFolder();
    const folder = await writeVersion(dir, "tiny", 1);
    const link = join(dir, "current");
    await symlink(folder, link);
    const { ask, models, opener, readiness } = await startReadyModels({ artifactDir: link });
    expect([ask(), ask("tiny"), ask("movies")]).toEqual(["tiny/1", "tiny/1", "SERVER_MODEL_UNKNOWN"]);
    expect(readiness.report().models).toBeUndefined();
    expect(await models.reload()).toEqual({ loaded: [], retired: [], refused: [] });
    await writeVersion(dir, "tiny", 2);
    await rm(link);
    await symlink(join(dir, "tiny/2"), link);
    expect(await models.reload()).toEqual({ loaded: ["tiny/2"], retired: ["tiny/1"], refused: [] });
    expect(ask()).toBe("tiny/2");
    // The same version with other files.
    await writeVersion(
      dir,
      "tiny",
      2,
      tinyVersion(3, (manifest) => ({ ...manifest, version: 2 })),
    );
    expect(await models.reload()).toEqual({ loaded: ["tiny/2"], retired: ["tiny/2"], refused: [] });
    await models.close();
    expect(opener.openCount).toBe(0);
  });

  test("that changes its name is still the one that answers", async () => {
    const dir = await temporaryFolder();
    const folder = await writeVersion(dir, "tiny", 1);
    const { ask, models } = await startReadyModels({ artifactDir: folder });
    const renamed = tinyVersion(1, (manifest) => ({ ...manifest, name: "other" }));
    await writeVersion(dir, "tiny", 1, renamed);
    await models.reload();
    expect([ask(), ask("tiny")]).toEqual(["other/1", "SERVER_MODEL_UNKNOWN"]);
  });

  test("that is damaged or gone leaves what answers", async () => {
    const dir = await temporaryFolder();
    const folder = await writeVersion(dir, "tiny", 1);
    const { ask, models } = await startReadyModels({ artifactDir: folder });
    await writeVersion(dir, "tiny", 1, tinyVersion(2));
    await damage(dir, "tiny/1");
    expect((await models.reload()).refused.join()).toContain("ARTIFACT_HASH");
    expect(ask()).toBe("tiny/1");
    await rm(folder, { recursive: true });
    expect((await models.reload()).refused.join()).toContain("ARTIFACT_MISSING_FILE");
    expect(ask()).toBe("tiny/1");
    await writeVersion(dir, "tiny", 1, tinyVersion(2));
    expect((await models.reload()).loaded).toEqual(["tiny/2"]);
    expect(ask()).toBe("tiny/2");
  });
});
