// What docs/config.md says of the file itself; the keys are written from the schema.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findConfig } from "../../packages/cli/src/project/load.ts";
import { configPage } from "./config-page.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "attune-config-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("of several configs in a folder the first in the page's order is taken", () => {
  const intro = configPage().split("\n## ")[0]!;
  const names = [...intro.matchAll(/`(attune\.config\.\w+)`/g)].map(([, name = ""]) => name);
  expect(names).toHaveLength(4);
  for (const name of names.toReversed()) {
    writeFileSync(path.join(dir, name), "");
    expect(findConfig(dir)).toBe(path.join(dir, name));
  }
});
