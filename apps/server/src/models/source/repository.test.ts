import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tinyPredictArtifact, tinyTasks } from "@attune/testkit";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../testing/artifact-folder.ts";
import { tinyVersion, writeVersion } from "../../testing/model-repository.ts";
import { writeAliasFile } from "./alias-file.ts";
import { repository } from "./repository.ts";
import type { Scan } from "./version-source.ts";

function found({ models }: Scan): readonly string[] {
  return [...models].flatMap(([name, versions]) =>
    [...versions.keys()].map((version) => `${name}/${version}`),
  );
}

async function aliasIssues(dir: string): Promise<readonly string[]> {
  const { aliases } = await repository(dir).scan();
  if (!(aliases instanceof Error)) throw new Error("nothing is wrong with it");
  expect(aliases.code).toBe("SERVER_ALIASES");
  expect(aliases.message).not.toContain(dir);
  return aliases.details.issues;
}

describe("versions", () => {
  test("of every model are found; what is half-written or on its way is not there", async () => {
    const dir = await temporaryFolder();
    await writeVersion(dir, "movies", 1);
    await writeVersion(dir, "movies", 12);
    await writeVersion(dir, "books.v2", 1);
    const { "manifest.json": _, ...withoutManifest } = tinyVersion(13).files;
    await writeVersion(dir, "movies", 13, { files: withoutManifest });
    await rename(await writeVersion(dir, "movies", 14), join(dir, "movies", "14.tmp"));
    await rename(await writeVersion(dir, "movies", 15), join(dir, "movies", ".staging-15"));
    await writeVersion(join(dir), ".cache", 1);
    await writeFile(join(dir, "README.md"), "what is here");
    await writeFile(join(dir, "movies", "notes.txt"), "what is there");
    await mkdir(join(dir, "empty"));
    const scan = await repository(dir).scan();
    expect(found(scan)).toEqual(["books.v2/1", "movies/1", "movies/12"]);
    expect(scan.warnings).toEqual([]);
    expect(scan.aliases).toBeUndefined();
  });

  test("with other names are passed over, every one with its reason in one list", async () => {
    const dir = await temporaryFolder();
    await writeVersion(dir, "movies", 1);
    for (const folder of ["01", "v2", "0", "-1", "1.5", "1e3", "9".repeat(16)]) {
      await rename(await writeVersion(dir, "movies", 99), join(dir, "movies", folder));
    }
    for (const name of ["a..b", "-x", "my model", "møvies", "m".repeat(129)])
      await writeVersion(dir, name, 1);
    const scan = await repository(dir).scan();
    expect(found(scan)).toEqual(["movies/1"]);
    expect(scan.warnings).toHaveLength(12);
    expect(scan.warnings).toContain("movies/01: no version: a whole number from 1, without leading zeros");
    expect(scan.warnings).toContain("movies/v2: no version: a whole number from 1, without leading zeros");
    expect(scan.warnings.join()).not.toContain(dir);
  });

  test("are not followed out of the repository; links within it are fine", async () => {
    const [dir, elsewhere] = [await temporaryFolder(), await temporaryFolder()];
    await symlink(await writeVersion(dir, "movies", 1), join(dir, "movies", "2"));
    await symlink(await writeVersion(elsewhere, "secret", 3), join(dir, "movies", "3"));
    await symlink(join(elsewhere, "secret"), join(dir, "secret"));
    await symlink(join(dir, "nowhere"), join(dir, "movies", "4"));
    const scan = await repository(dir).scan();
    expect(found(scan)).toEqual(["movies/1", "movies/2"]);
    expect(scan.warnings).toEqual([
      "movies/3: leads outside the repository",
      "movies/4: leads outside the repository",
      "secret: leads outside the repository",
    ]);
  });

  test("are found where the repository itself is a link, as releases are often switched", async () => {
    const [dir, parent] = [await temporaryFolder(), await temporaryFolder()];
    await writeVersion(dir, "movies", 1);
    await symlink(dir, join(parent, "current"));
    expect(found(await repository(join(parent, "current")).scan())).toEqual(["movies/1"]);
  });

  test("of a folder that is not there are an error without its path", async () => {
    const dir = await temporaryFolder();
    await rm(dir, { recursive: true });
    const scanning = repository(dir).scan();
    await expect(scanning).rejects.toMatchObject({ code: "SERVER_REPOSITORY" });
    await expect(scanning).rejects.not.toThrow(dir);
  });
});

describe("the alias file", () => {
  test("is read with what it leads to", async () => {
    const dir = await temporaryFolder();
    await writeVersion(dir, "movies", 3);
    await writeAliasFile(dir, [{ alias: "champion", model: "movies", version: 3 }]);
    const { aliases, warnings } = await repository(dir).scan();
    expect(aliases).toEqual([{ alias: "champion", model: "movies", version: 3 }]);
    expect(warnings).toEqual([]);
  });

  test("is refused with every problem: a model's name, nothing, and two tasks in one split", async () => {
    const dir = await temporaryFolder();
    await writeVersion(dir, "movies", 3);
    await writeVersion(dir, "prices", 1, tinyPredictArtifact(tinyTasks.regress));
    await writeAliasFile(dir, [
      { alias: "prices", model: "movies", version: 3 },
      { alias: "champion", model: "movies", version: 4 },
      { alias: "challenger", model: "nothing", version: 1 },
      {
        alias: "home",
        split: [
          { model: "movies", version: 3, share: 0.5 },
          { model: "prices", version: 1, share: 0.5 },
        ],
      },
    ]);
    expect(await aliasIssues(dir)).toEqual([
      "prices: a model has this name already",
      "champion: there is no complete version movies/4",
      "challenger: there is no complete version nothing/1",
      "home: its split is over models of different tasks (recommend, regress)",
    ]);
  });

  test.each([
    [
      "two claims of one alias",
      '{"alias":"a","model":"movies","version":3},{"alias":"a","model":"movies","version":3}',
      "claimed twice",
    ],
    ["a key nobody knows", '{"alias":"a","model":"movies","version":3,"extra":1}', "extra"],
    ["half of a file", '{"alias":"a","mod', "not JSON"],
  ])("with %s is refused", async (_, entries, issue) => {
    const dir = await temporaryFolder();
    await writeVersion(dir, "movies", 3);
    const text = `{"schemaVersion":1,"aliases":[${entries}]}`;
    await writeFile(join(dir, "aliases.json"), issue === "not JSON" ? text.slice(0, -2) : text);
    expect((await aliasIssues(dir)).join()).toContain(issue);
  });

  test("of another version, or in place of a folder, is refused", async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, "aliases.json"), '{"schemaVersion":2,"aliases":[]}');
    expect((await aliasIssues(dir)).join()).toContain("schema version 2");
    await rm(join(dir, "aliases.json"));
    await mkdir(join(dir, "aliases.json"));
    expect((await aliasIssues(dir)).join()).toContain("EISDIR");
  });

  test("is not written when it contradicts itself; the one in place stays", async () => {
    const dir = await temporaryFolder();
    await writeVersion(dir, "movies", 3);
    const good = { alias: "champion", model: "movies", version: 3 };
    await writeAliasFile(dir, [good]);
    await expect(writeAliasFile(dir, [good, good])).rejects.toMatchObject({ code: "MANIFEST_INVALID" });
    expect((await repository(dir).scan()).aliases).toEqual([good]);
  });
});
