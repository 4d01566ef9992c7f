import { expect, test } from "vitest";
import { isAttuneError } from "../errors/index.ts";
import { aliasTargets, modelNamePattern } from "./alias-file.ts";
import { parseAliasFile } from "./parse.ts";

function issuesOf(aliases: unknown): readonly string[] {
  try {
    parseAliasFile({ schemaVersion: 1, aliases }, "aliases.json");
  } catch (error) {
    if (isAttuneError(error, "MANIFEST_INVALID")) return error.details.issues;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const home = {
  alias: "home",
  seed: 7,
  split: [
    { model: "movies", version: 3, share: 0.9 },
    { model: "movies", version: 4, share: 0.1 },
  ],
};

test("one version or a split: either way a list of targets", () => {
  const file = parseAliasFile(
    { schemaVersion: 1, aliases: [{ alias: "champion", model: "movies", version: 3 }, home] },
    "aliases.json",
  );
  expect(file.aliases.map(aliasTargets)).toEqual([[{ model: "movies", version: 3, share: 1 }], home.split]);
});

test("decimal shares that miss 1 by rounding are fine, and a share of 0 keeps a version ready", () => {
  const shares = [0.7, 0.2, 0.1, 0];
  const split = shares.map((share, index) => ({ model: "movies", version: index + 1, share }));
  expect(parseAliasFile({ schemaVersion: 1, aliases: [{ alias: "home", split }] }, "f").aliases).toHaveLength(
    1,
  );
});

test("every problem is listed at once", () => {
  const target = { model: "movies", version: 3 };
  expect(
    issuesOf([
      { alias: "champion", ...target },
      { alias: "champion", model: "books", version: 1 },
      { alias: "half", model: "movies" },
      { alias: "seeded", ...target, seed: 1 },
      { ...home, ...target, alias: "both" },
      { alias: "low", split: [{ ...target, share: 0.9 }] },
      {
        alias: "twice",
        split: [
          { ...target, share: 0.5 },
          { ...target, share: 0.5 },
        ],
      },
    ]),
  ).toEqual([
    "aliases[1]: the alias champion is claimed twice",
    "aliases[2]: half needs a model and a version, or a split",
    "aliases[3]: seeded has a seed, but no split to use it",
    "aliases[4]: both has a split, and a model or a version beside it; leave one of them out",
    "aliases[5]: the shares of low add up to 0.9, not to 1",
    "aliases[6]: the split of twice names movies/3 twice",
  ]);
});

test.each([
  [{ alias: "..", model: "movies", version: 1 }],
  [{ alias: "a/b", model: "movies", version: 1 }],
  [{ alias: "home", model: "../../etc", version: 1 }],
  [{ alias: "home", model: "movies", version: 0 }],
  [{ alias: "home", model: "movies", version: 1.5 }],
  [{ alias: "home", model: "movies", version: "1" }],
  [{ alias: "home", model: "movies", version: 1, weight: 1 }],
  [{ alias: "home", split: [] }],
  [{ alias: "home", split: [{ model: "movies", version: 1, share: 1.1 }] }],
  [{ alias: "home", split: [{ model: "movies", version: 1, share: -1 }] }],
  [{ alias: "home", seed: 2 ** 32, split: [{ model: "movies", version: 1, share: 1 }] }],
])("%j is refused", (entry) => {
  expect(issuesOf([entry])).not.toHaveLength(0);
});

test("an object instead of a list, and a file of another version, are refused", () => {
  expect(issuesOf({ champion: "movies" })).toHaveLength(1);
  expect(() => parseAliasFile({ schemaVersion: 2, aliases: [] }, "f")).toThrow(/schema version 2/);
});

test.each([
  ["movies", true],
  ["movies-v2.1_x", true],
  ["7", true],
  ["m".repeat(128), true],
  ["m".repeat(129), false],
  ["", false],
  [".", false],
  ["..", false],
  ["a..b", false],
  [".hidden", false],
  ["-flag", false],
  ["a/b", false],
  ["a\\b", false],
  ["%2e%2e", false],
  ["movies\n", false],
  ["møvies", false],
])("the name %j: %s", (name, fits) => {
  expect(modelNamePattern.test(name)).toBe(fits);
});
