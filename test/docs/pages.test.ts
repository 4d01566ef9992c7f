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

test("every error code is in the page", () => {
  const page = errorsPage();
  expect(Object.keys(errorMessages).filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});

test.each([
  ["kernels.md", [...kernels, ...refusedKernels].map(({ kernel }) => kernel)],
  ["layers.md", Object.keys(layerCases)],
])("docs/%s has a row for each entry of the list", (page, names) => {
  const rows = new Set([...pages[page]!().matchAll(/^\| (\w+) \|/gm)].map(([, name]) => name));
  expect(names.filter((name) => !rows.has(name))).toEqual([]);
});
