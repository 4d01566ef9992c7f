import { expect, test } from "vitest";
import { isAttuneError } from "../errors/index.ts";
import { datasetManifestVersion } from "./dataset.ts";
import { goldenFileVersion } from "./golden.ts";
import { parseArtifactManifest, parseDatasetManifest, parseGoldenFile, parseJsonBytes } from "./parse.ts";

function codeOf(run: () => unknown): { code: string; message: string } {
  try {
    run();
  } catch (error) {
    if (isAttuneError(error)) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("a manifest of a newer version says so, whatever else it holds", () => {
  const { code, message } = codeOf(() =>
    parseArtifactManifest({ schemaVersion: 99, surprise: true }, "manifest.json"),
  );
  expect(code).toBe("MANIFEST_VERSION");
  expect(message).toContain("upgrade");
});

test("every problem of a manifest is listed with its path, in words", () => {
  const { code, message } = codeOf(() =>
    parseGoldenFile(
      { schemaVersion: goldenFileVersion, task: "recommend", reference: 3, rows: [{ name: "user" }] },
      "golden.json",
    ),
  );
  expect(code).toBe("MANIFEST_INVALID");
  expect(message).toContain("reference: Invalid input: expected string, received number");
  expect(message).toContain("rows[0].history: ");
});

test.each([null, undefined, "text", 1, []])("%s is no manifest", (input) => {
  expect(codeOf(() => parseDatasetManifest(input, "manifest.json")).code).toBe("MANIFEST_INVALID");
});

test("bytes that are no JSON are no manifest, and say why", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  expect(parseJsonBytes(bytes('{ "name": "é" }'), "manifest.json")).toEqual({ name: "é" });
  for (const text of ["", "{", "undefined"]) {
    const { code, message } = codeOf(() => parseJsonBytes(bytes(text), "manifest.json"));
    expect(code).toBe("MANIFEST_INVALID");
    expect(message).toMatch(/^manifest\.json .*\(root\): not JSON \(/s);
  }
});

const counts = { events: 3, users: 2, items: 1 };
const targets = { kept: 1, repeatsDropped: 0, outsideCatalogue: 0 };
const dataset = {
  schemaVersion: datasetManifestVersion,
  task: "recommend",
  name: "shop",
  key: "0123456789abcdef",
  source: { file: "events.csv", sha256: "0".repeat(64), rows: 3 },
  measured: counts,
  released: counts,
  duplicates: "last",
  repeats: "drop",
  targets: { validation: targets, test: targets },
  fileOrder: false,
  roles: { train: 3 },
  rules: [{ rule: "k-core", scope: "train", rowsBefore: 3, rowsAfter: 3 }],
  split: { kind: "random" },
  itemFeatures: [{ name: "genre", kind: "set", levels: ["drama"] }],
  userFeatures: [],
  sideTables: {
    items: { file: "i.csv", sha256: "0".repeat(64), rows: 1, matched: 1, missing: 0, unused: 0 },
  },
  files: {},
  engine: { name: "duckdb", version: "1" },
  notes: ["one"],
};

test("a dataset of the task recommend says what is measured and what is released", () => {
  expect(parseDatasetManifest(dataset, "manifest.json")).toEqual(dataset);
});

test.each([
  ["a task that there is not", { task: "cluster" }, /^\s*- task: /m],
  ["both splits missing", { targets: {} }, /targets\.validation: [\s\S]*targets\.test: /],
  ["a scope that no rule has", { rules: [{ ...dataset.rules[0], scope: "test" }] }, /rules\[0\]\.scope: /],
])("a dataset's manifest is refused for %s", (_, change, says) => {
  const { code, message } = codeOf(() => parseDatasetManifest({ ...dataset, ...change }, "manifest.json"));
  expect(code).toBe("MANIFEST_INVALID");
  expect(message).toMatch(says);
});

test("a dataset's manifest of the former version says so", () => {
  expect(codeOf(() => parseDatasetManifest({ ...dataset, schemaVersion: 1 }, "manifest.json")).code).toBe(
    "MANIFEST_VERSION",
  );
});
