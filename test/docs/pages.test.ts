import { readFileSync } from "node:fs";
import path from "node:path";
import { errorMessages } from "@attune/contracts";
import { expect, test } from "vitest";
import { kernels, refusedKernels } from "../../packages/trace/src/kernels/index.ts";
import { layerCases } from "../../packages/trace/src/layers/cases/index.ts";
import { errorsPage } from "./errors-page.ts";
import { pages } from "./pages.ts";

test.each(Object.keys(pages))("docs/%s is what the code says", (file) => {
  const written = readFileSync(path.resolve(import.meta.dirname, "../../docs", file), "utf8");
  expect(written, "run `pnpm generate:docs`").toBe(pages[file]!());
});

test("every error code has a line of its own in the page, with words for people and no source", () => {
  const rows = errorsPage().split("| code | when |\n|---|---|\n")[1]!.trimEnd().split("\n");
  expect(rows.filter((row) => !/^\| `[A-Z0-9_]+` \| [A-Z][^{}]*\. \|$/.test(row))).toEqual([]);
  const codes = rows.map((row) => /`(\w+)`/.exec(row)?.[1]);
  expect(codes.sort()).toEqual(Object.keys(errorMessages).sort());
});

test.each([
  ["kernels.md", [...kernels, ...refusedKernels].map(({ kernel }) => kernel)],
  ["layers.md", Object.keys(layerCases)],
])("docs/%s has a row for each entry of the list", (page, names) => {
  const rows = new Set([...pages[page]!().matchAll(/^\| (\w+) \|/gm)].map(([, name]) => name));
  expect(names.filter((name) => !rows.has(name))).toEqual([]);
});
