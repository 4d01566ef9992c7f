import type { Column, RecommendDataset } from "@attune/contracts";
import { describe, expect, test } from "vitest";
import { loadDataset } from "../load.ts";
import { createProject, gridConfig, gridCsv } from "../testing/project.ts";

const itemsFile = [
  "id,name,genres,year,mood,plot,made in",
  "w,The W,drama|comedy|drama,1999,dark,A man and a dog,France",
  "x,,|crime||,,light,,",
  "x,Another X,war,2001,dark,,Spain",
  "q,Unknown,western,1950,dark,,",
  ",No id,noir,1940,dark,,",
].join("\n");

const items = {
  path: "items.csv",
  columns: { item: "id", title: "name" },
  show: ["made in", "genres"],
  features: {
    genres: { kind: "set" },
    year: { kind: "number" },
    mood: { kind: "category" },
    plot: { kind: "text" },
  },
};

/** w and x are measured; y and z, of validation and test, are in the release alone. */
async function prepare(files: Record<string, string>, data: object): Promise<RecommendDataset> {
  using project = createProject({ "events.csv": gridCsv, ...files });
  return await loadDataset((await project.prepare({ ...gridConfig, ...data })).dir);
}

function columnOf(columns: readonly Column[] | undefined, name: string): Column {
  return columns!.find((column) => column.name === name)!;
}

describe("items", () => {
  test("titles and shown columns, ids for what the file lacks", async () => {
    const { measured, released, manifest } = await prepare({ "items.csv": itemsFile }, { items });

    expect(measured.itemDetails).toEqual([
      { id: "w", title: "The W", "made in": "France", genres: "drama|comedy|drama" },
      { id: "x", title: "x", "made in": "", genres: "|crime||" },
    ]);
    expect(released.itemDetails?.[3]).toEqual({ id: "z", title: "z", "made in": "", genres: "" });
    expect(manifest.sideTables).toEqual({
      items: {
        file: "items.csv",
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        rows: 5,
        matched: 2,
        missing: 2,
        unused: 3,
        separators: { genres: "|" },
      },
    });
    expect(manifest.notes).toEqual(
      expect.arrayContaining([
        "2 of 4 items have no row in items.csv: their id stands for the title and their features are missing.",
        "1 items with a row but no title in items.csv: their id stands for it.",
        expect.stringMatching(/^3 rows of items\.csv are not used: /),
      ]),
    );
  });

  test("features of every kind, missing where there is no value and no row", async () => {
    const { measured, released, manifest } = await prepare({ "items.csv": itemsFile }, { items });
    const { columns, rowCount } = released.itemFeatures!;

    expect(rowCount).toBe(4);
    expect(columnOf(columns, "genres")).toEqual({
      name: "genres",
      kind: "set",
      levels: ["comedy", "crime", "drama"],
      // Codes rise, whatever the order in the cell, and each stands once.
      offsets: Int32Array.of(0, 2, 3, 3, 3),
      codes: Int32Array.of(0, 2, 1),
      missing: Uint8Array.of(0, 0, 1, 1),
    });
    expect(columnOf(columns, "year")).toEqual({
      name: "year",
      kind: "number",
      data: Float64Array.of(1999, 0, 0, 0),
      missing: Uint8Array.of(0, 1, 1, 1),
    });
    expect(columnOf(columns, "mood")).toEqual({
      name: "mood",
      kind: "category",
      levels: ["dark", "light"],
      codes: Int32Array.of(0, 1, -1, -1),
      missing: Uint8Array.of(0, 0, 1, 1),
    });
    expect(columnOf(columns, "plot")).toEqual({
      name: "plot",
      kind: "text",
      data: ["A man and a dog", "", "", ""],
      missing: Uint8Array.of(0, 1, 1, 1),
    });
    expect(measured.itemFeatures?.columns[2]).not.toHaveProperty("missing");
    expect(manifest.itemFeatures).toEqual([
      { name: "genres", kind: "set", levels: ["comedy", "crime", "drama"] },
      { name: "year", kind: "number" },
      { name: "mood", kind: "category", levels: ["dark", "light"] },
      { name: "plot", kind: "text" },
    ]);
  });

  test("levels are those of a catalogue's own items, in the order of their bytes", async () => {
    const file = "id,name,mood\nw,W,Z\nx,X,é\ny,Y,a\nz,Z,𝒜\n";
    const described = { ...items, show: [], features: { mood: { kind: "category" } } };
    const { measured, released } = await prepare({ "items.csv": file }, { items: described });

    expect(columnOf(measured.itemFeatures?.columns, "mood")).toMatchObject({ levels: ["Z", "é"] });
    expect(columnOf(released.itemFeatures?.columns, "mood")).toMatchObject({ levels: ["Z", "a", "é", "𝒜"] });
  });

  test("a set may have a separator of its own", async () => {
    const file = "id,name,tags\nw,W,a; b\nx,X,a|b\n";
    const described = { ...items, show: [], features: { tags: { kind: "set", separator: "; " } } };
    const { measured } = await prepare({ "items.csv": file }, { items: described });

    expect(columnOf(measured.itemFeatures?.columns, "tags")).toMatchObject({ levels: ["a", "a|b", "b"] });
  });
});

describe("users", () => {
  const users = {
    path: "users.csv",
    columns: { user: "name" },
    features: { city: { kind: "category" }, likes: { kind: "set" } },
  };

  test("levels come from the users who are fitted on; another user's value has no code", async () => {
    const file = "name,city,likes\nann,Rome,a|b\nbob,Oslo,b\ncid,,\nnew,Lima,a|c\n";
    const events = `${gridCsv}new,w,1,2000\n`;
    const split = {
      kind: "global-time",
      validationFrom: "1970-01-01T00:05:30Z",
      testFrom: "1970-01-01T00:30:00Z",
    };
    const { measured, released, manifest } = await prepare(
      { "events.csv": events, "users.csv": file },
      { users, split },
    );

    expect(measured.userIds).toEqual(["ann", "bob", "cid", "dora", "new"]);
    expect(columnOf(measured.userFeatures?.columns, "city")).toMatchObject({
      levels: ["Oslo", "Rome"],
      codes: Int32Array.of(1, 0, -1, -1, -1),
      missing: Uint8Array.of(0, 0, 1, 1, 0),
    });
    expect(columnOf(measured.userFeatures?.columns, "likes")).toMatchObject({
      levels: ["a", "b"],
      offsets: Int32Array.of(0, 2, 3, 3, 3, 4),
      codes: Int32Array.of(0, 1, 1, 0),
    });
    expect(columnOf(released.userFeatures?.columns, "city")).toMatchObject({
      levels: ["Lima", "Oslo", "Rome"],
    });
    expect(manifest.userFeatures[0]).toEqual({
      name: "city",
      kind: "category",
      levels: ["Lima", "Oslo", "Rome"],
    });
    expect(manifest.notes).toContain("1 of 5 users have no row in users.csv: their features are missing.");
  });
});

describe("refuses", () => {
  const year = { ...items, show: [], features: { year: { kind: "number" }, tag: { kind: "category" } } };

  test("a table that describes nothing, and every value that cannot be read", async () => {
    const file = "id,name,year,tag\n1,A,1999,a\n2,B,MCMXC,b\n3,C,inf,c\n4,D,,d\0\n";

    await expect(prepare({ "items.csv": file }, { items: year })).rejects.toMatchObject({
      code: "DATA_SIDE_TABLE",
      details: {
        issues: [
          "none of its 4 ids in id is one of the 4 items of the events; check which column holds the id",
          'line 3, year: "MCMXC" is not a number',
          'line 4, year: "inf" is not a number',
          'line 5, tag: "d\\u0000" holds the character U+0000',
        ],
      },
    });
  });

  test("many bad values: the first are shown, all are counted", async () => {
    const rows = Array.from({ length: 50 }, (_, n) => `${n},name,bad,a`);
    const file = ["id,name,year,tag", "w,W,1,a", ...rows].join("\n");

    await expect(prepare({ "items.csv": file }, { items: year })).rejects.toMatchObject({
      code: "DATA_SIDE_TABLE",
      details: { issues: expect.objectContaining({ length: 21, 20: "and 30 more values" }) },
    });
  });
});
