import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createProject, gridConfig, gridCsv } from "../testing/project.ts";

const other = gridCsv.replaceAll("ann", "eve");

test.each([
  ["rewritten with as many rows", (path: string) => writeFileSync(path, other)],
  ["grown", (path: string) => writeFileSync(path, `${gridCsv}eve,w,1,1\n`)],
  [
    "replaced by another of the same size",
    (path: string) => {
      writeFileSync(`${path}.new`, other);
      renameSync(`${path}.new`, path);
    },
  ],
])("a file that is %s while it is read makes no dataset under the old file's key", async (_, change) => {
  using project = createProject({ "events.csv": gridCsv });
  const path = join(project.dir, "events.csv");
  const prepared = project.prepare(gridConfig, {
    onEvent: (event) => {
      // Its hash is known by then.
      if (event.type === "step" && event.name === "read") change(path);
    },
  });
  await expect(prepared).rejects.toMatchObject({
    code: "FILE_READ",
    message: expect.stringContaining("it changed while it was read; run again"),
  });
  expect(project.list().filter((name) => name.includes("datasets/"))).toEqual([]);
});
