// A file cut somewhere in its last line: what is left of the row is bad, or is said to be doubtful.
import { describe, expect, test } from "vitest";
import { createProject, gridConfig, gridCsv, gridRows } from "../testing/project.ts";

const note = "The last line of events.csv has no line end: if the file was cut there, so is the last value.";
const quoted = gridCsv.replace(/[^,\n]+/g, '"$&"');
const jsonl = gridRows.map((row) => `${JSON.stringify(row)}\n`).join("");
const skip = { badRows: "skip", maxBadRows: 1 };

async function prepare(path: string, text: string, events: object = {}) {
  using project = createProject({ [path]: text });
  const { manifest } = await project.prepare({
    ...gridConfig,
    events: { ...gridConfig.events, path, ...skip, ...events },
  });
  return { rows: manifest.source.rows, bad: manifest.badRows?.rows ?? 0, notes: manifest.notes };
}

describe.each([
  ["a CSV", "events.csv", gridCsv, true],
  ["a CSV in quotes", "events.csv", quoted, false],
  ["JSON Lines", "events.jsonl", jsonl, false],
])("%s cut at every byte of its last row", (_, path, text, isDoubtful) => {
  const whole = text.trimEnd();
  const lastStart = whole.lastIndexOf("\n") + 1;

  test("invents no event: the row is gone, bad, or noted", async () => {
    const outcomes = new Set<string>();
    for (let end = lastStart; end < whole.length; end++) {
      const { rows, bad, notes } = await prepare(path, text.slice(0, end));
      const isKept = rows - bad === gridRows.length;
      if (isKept) expect(notes, text.slice(lastStart, end)).toContain(note);
      else expect(rows - bad, text.slice(lastStart, end)).toBe(gridRows.length - 1);
      outcomes.add(isKept ? "noted" : bad > 0 ? "bad" : "gone");
    }
    expect([...outcomes]).toEqual(isDoubtful ? ["gone", "bad", "noted"] : ["gone", "bad"]);
  });
});

describe("the note on a missing line end", () => {
  const rows = gridCsv.trimEnd().split("\n");
  const unused = rows.map((row, n) => `${row},${n === 0 ? "comment" : "fine"}`).join("\n");

  test.each([
    ["a value that is read", "events.csv", gridCsv.trimEnd(), true],
    ["a column that nothing reads", "events.csv", unused, false],
    ["a closing quote", "events.csv", quoted.trimEnd(), false],
    ["a closing brace", "events.jsonl", jsonl.trimEnd(), false],
  ])("behind %s: %s", async (_, path, text, isNoted) => {
    const { notes, bad } = await prepare(path, text);
    expect(bad).toBe(0);
    expect(notes.some((line) => line.includes("no line end"))).toBe(isNoted);
  });
});

test("a share of bad rows that is exactly the limit may go, whatever its binary digits", async () => {
  const good = gridCsv.trimEnd().split("\n");
  const [head = "", first = ""] = good;
  // As doubles 0.58 · 50 and 0.29 · 100 are less than 29.
  for (const [count, rowCount, maxBadRows] of [
    [4, 20, 0.2],
    [29, 50, 0.58],
    [29, 100, 0.29],
  ] as const) {
    const text = (bad: number) => {
      const rows = Array.from({ length: rowCount - bad - gridRows.length }, () => first);
      return `${[head, ...good.slice(1), ...rows, ...Array<string>(bad).fill("ann")].join("\n")}\n`;
    };
    expect((await prepare("events.csv", text(count), { maxBadRows })).bad).toBe(count);
    await expect(prepare("events.csv", text(count + 1), { maxBadRows })).rejects.toMatchObject({
      code: "DATA_BAD_ROWS",
    });
  }
});
