// What looks odd in a file and is no defect: nothing of it is refused, left out or read in another way.
import { expect, test } from "vitest";
import { loadDataset } from "../load.ts";
import { createProject, gridConfig, gridCsv, gridRows } from "../testing/project.ts";

test.each([
  ["mixed line ends", (text: string) => text.replace("\n", "\r\n").replace(/\n$/, "\r")],
  ["blank lines before the header", (text: string) => `\n\r\n${text}`],
  ["blank lines between rows", (text: string) => text.replaceAll("\n", "\n\n")],
  ["CR alone", (text: string) => text.replaceAll("\n", "\r")],
])("%s", async (_, change) => {
  using project = createProject({ "events.csv": gridCsv, "other.csv": change(gridCsv) });
  const plain = await project.prepare(gridConfig);
  const changed = await project.prepare({
    ...gridConfig,
    events: { ...gridConfig.events, path: "other.csv" },
  });
  expect(changed.manifest.files).toEqual(plain.manifest.files);
});

test("a byte order mark before JSON", async () => {
  const lines = gridRows.map((row) => JSON.stringify(row)).join("\n");
  using project = createProject({ "events.csv": gridCsv, "events.jsonl": `\ufeff${lines}\n` });
  const plain = await project.prepare(gridConfig);
  const json = await project.prepare({
    ...gridConfig,
    events: { ...gridConfig.events, path: "events.jsonl" },
  });
  expect(json.manifest.files).toEqual(plain.manifest.files);
});

test("titles missing for half of the items: their ids stand for them, and a note says so", async () => {
  using project = createProject({ "events.csv": gridCsv, "items.csv": "id,name\nw,\nx,X\ny,\nz,Z\n" });
  const items = { path: "items.csv", columns: { item: "id", title: "name" } };
  const { dir, manifest } = await project.prepare({ ...gridConfig, items });
  const { released } = await loadDataset(dir);

  expect(released.itemDetails?.map(({ title }) => title).sort()).toEqual(["X", "Z", "w", "y"]);
  expect(manifest.notes).toContain("2 items with a row but no title in items.csv: their id stands for it.");
});
