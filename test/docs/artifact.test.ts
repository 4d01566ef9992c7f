// docs/artifact.md against the schemas of what is stored.
import { readFileSync } from "node:fs";
import path from "node:path";
import {
  artifactFiles,
  artifactManifest,
  artifactManifestVersion,
  signatureVersions,
} from "@attune/contracts/manifest";
import { recommendInputs, recommendOutputs, tinyColumns } from "@attune/testkit";
import { expect, test } from "vitest";

const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/artifact.md"), "utf8");

/** Names in code of a table's first column, under a heading. */
function namesUnder(heading: string, table = 0): readonly string[] {
  const section = page.split(new RegExp(`^#+ ${heading}.*\n`, "m"))[1]?.split(/^## /m)[0] ?? "";
  const rows = section
    .split(/\n(?!\|)/)
    .map((block) => block.split("\n").filter((line) => line.startsWith("| `")));
  const found = rows.filter((lines) => lines.length > 0)[table] ?? [];
  return found.flatMap((line) =>
    [...line.split(" | ")[0]!.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
  );
}

test("the table of files has every file of an artifact", () => {
  expect([...namesUnder("The artifact")].sort()).toEqual(Object.values(artifactFiles).sort());
});

test("the table of the manifest has every field of every task, and no other", () => {
  const fields = new Set(artifactManifest.def.options.flatMap((option) => Object.keys(option.shape)));
  expect([...namesUnder("The manifest")].sort()).toEqual([...fields].sort());
  expect(page).toContain(`| \`schemaVersion\` | ${artifactManifestVersion};`);
});

test("a heading a task says the version of its signature", () => {
  const said = [...page.matchAll(/^## Task `(\w+)`, signature version (\d+)$/gm)];
  expect(Object.fromEntries(said.map(([, task, version]) => [task, Number(version)]))).toEqual(
    signatureVersions,
  );
});

test("a recommender's inputs and outputs are those of its signature", () => {
  // Columns stand in the table as one row.
  const columns = new Set(tinyColumns.map(({ name }) => name));
  const inputs = recommendInputs(true).map(({ name }) => name);
  expect(namesUnder("Task `recommend`")).toEqual(inputs.filter((name) => !columns.has(name)));
  expect(namesUnder("Task `recommend`", 1)).toEqual(recommendOutputs.map(({ name }) => name));
});
