import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fuzz } from "../testing/fuzz.ts";
import { readSlowly, type SlowRow } from "../testing/slow-csv.ts";
import { createSplitter } from "./create-splitter.ts";
import { longestRecordBytes } from "./csv-splitter.ts";

/** Bytes, a character each, cut at these places. */
function split(bytes: string, cuts: readonly number[] = [], format: "csv" | "tsv" | "jsonl" = "csv") {
  const rows: Omit<SlowRow, "fields">[] = [];
  const splitter = createSplitter(format, {
    header: (chunk, start, end, defect) =>
      rows.push({ kind: defect ?? "header", line: 1, text: chunk.toString("latin1", start, end) }),
    record: (chunk, start, end, line) =>
      rows.push({ kind: "good", line, text: chunk.toString("latin1", start, end) }),
    defect: (kind, chunk, start, end, line) =>
      rows.push({ kind, line, text: chunk.toString("latin1", start, end) }),
  });
  const whole = Buffer.from(bytes, "latin1");
  const places = [0, ...[...cuts].sort((a, b) => a - b), whole.length];
  for (const [index, place] of places.slice(1).entries()) splitter.push(whole.subarray(places[index], place));
  splitter.end();
  return { rows, splitter };
}

const kinds = (bytes: string, format?: "csv" | "tsv" | "jsonl") =>
  split(bytes, [], format).rows.map(({ kind, line }) => `${line} ${kind}`);

const piece = fc.constantFrom(
  ...["a,b,c\n", "1,2,3\r\n", '"x\ny",2,3\n', '"1,1,1\n2,2,2\n",2,3\n', '"a""b",2,3\n', '7,"8" ,9\n', "1,2,"],
  ...[",", '"', '""', "\n", "\r", "\r\n", " ", "x", "\xc3\xa9", "\xff", "\0", "\xef\xbb\xbf"],
);
const text = fc.array(piece, { maxLength: 30, size: "max" }).map((pieces) => pieces.join(""));

test("any bytes in any chunks are the records of a slow reading", () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(120), { maxLength: 8 }), fc.boolean(), (body, cuts, hasHeader) => {
      const bytes = hasHeader ? `h,i,j\n${body}` : body;
      const inside = cuts.filter((place) => place < bytes.length);
      const expected = readSlowly(bytes).map(({ fields: _, kind, line, text }) => ({
        kind,
        line: kind === "header" ? 1 : line,
        text,
      }));
      const { rows } = split(bytes, inside);
      // What is said of a broken header depends on no other row.
      if (rows[0]?.kind !== "header") return;
      expect(rows).toEqual(expected);
      expect(
        split(
          bytes,
          Array.from(bytes, (_, at) => at),
        ).rows,
      ).toEqual(expected);
    }),
    fuzz(1500),
  );
});

describe("defects cost their own line alone", () => {
  test.each([
    ["a row too short", "a,b\n1,2\n1\n3,4\n", ["1 header", "2 good", "3 columns", "4 good"]],
    ["a row too long", "a,b\n1,2,3\n3,4\n", ["1 header", "2 columns", "3 good"]],
    ["blank lines are no rows", "a,b\n\n1,2\r\n\r\n3\n", ["1 header", "3 good", "5 columns"]],
    ["text behind a closing quote", 'a,b\n"1"x,2\n3,4\n', ["1 header", "2 quotes", "3 good"]],
    ["a quote that never closes", 'a,b\n1,"2\n3,4\n5,6\n', ["1 header", "2 quotes", "3 good", "4 good"]],
    ["quotes that never close", 'a,b\n1,"2\n3,"4\n5,6\n', ["1 header", "2 quotes", "3 quotes", "4 good"]],
    [
      "a quote that closes in a later broken row",
      'a,b\n1,"2\n3,4\n5,6\n7,8"\n9,9\n',
      ["1 header", "2 quotes", "3 good", "4 good", "5 good", "6 good"],
    ],
    ["a line end in quotes", 'a,b\n"1\r\n2","3\n"\n4,5\n', ["1 header", "2 good", "5 good"]],
    ["a paragraph in quotes", 'a,b\n1,"x\ny\nz, no row\n"\n4,5\n', ["1 header", "2 good", "6 good"]],
    ["a quote in the middle of a field", 'a,b\n5" pipe,x"\n4,5\n', ["1 header", "2 good", "3 good"]],
    ["a cut last row", "a,b,c\n1,2,3\n1,2", ["1 header", "2 good", "3 cut"]],
    ["a last row cut in quotes", 'a,b\n1,2\n1,"2', ["1 header", "2 good", "3 cut"]],
    ["a last row without a line end", "a,b\n1,2\n1,2", ["1 header", "2 good", "3 good"]],
    ["bytes that are not UTF-8", "a,b\n1,\xe9\n1,\xc3\xa9\n", ["1 header", "2 encoding", "3 good"]],
    ["CR alone as the line end", "a,b\r1,2\r3\r", ["1 header", "2 good", "3 columns"]],
  ])("%s", (_, bytes, expected) => {
    expect(kinds(bytes)).toEqual(expected);
  });

  test("tabs", () => {
    expect(kinds('a\tb\n1,5\t"2\t3"\n1\n', "tsv")).toEqual(["1 header", "2 good", "3 columns"]);
  });

  test("a line that is too long, whatever the chunks", () => {
    const long = "x".repeat(longestRecordBytes + 5);
    const bytes = `a,b\n1,2\n${long},2\r\n3,4\n`;
    const expected = ["header", "good", "length", "good"];
    for (const cuts of [[], [100], [longestRecordBytes + 13, longestRecordBytes + 16]]) {
      const { rows } = split(bytes, cuts);
      expect(rows.map(({ kind }) => kind)).toEqual(expected);
      expect(rows.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
      expect(rows[2]!.text.length).toBe(longestRecordBytes);
    }
  });

  test("a quote that never closes swallows nothing of a long file", () => {
    const rows = Array.from({ length: 300_000 }, (_, n) => `${n},${n}\n`).join("");
    const bytes = `a,b\n1,"2\n${rows}`;
    const cuts = Array.from({ length: Math.floor(bytes.length / 70_001) }, (_, n) => 70_001 * (n + 1));
    const found = split(bytes, cuts).rows;

    expect(found.length).toBe(300_002);
    expect(found.filter(({ kind }) => kind !== "good").map(({ kind }) => kind)).toEqual(["header", "quotes"]);
  });

  test("as long as a record may be, over several lines, and a byte more", () => {
    const record = (size: number) => `1,"${"xy\n".repeat(size)}"\n`;
    const fits = Math.floor((longestRecordBytes - 4) / 3);
    expect(kinds(`a,b\n${record(fits)}`)).toEqual(["1 header", "2 good"]);
    expect(kinds(`a,b\n${record(fits + 1)}`).slice(0, 3)).toEqual(["1 header", "2 quotes", "3 columns"]);
  });
});

test("says what the engine would not read as it is", () => {
  const irregular = (bytes: string, format?: "csv" | "jsonl") =>
    split(bytes, [], format).splitter.isIrregular;
  expect(irregular("a,b\r\n1,2\r\n")).toBe(false);
  expect(irregular('a,b\n1,"2\r\n"\n\n')).toBe(false);
  expect(irregular("a,b\r\n1,2\n")).toBe(true);
  expect(irregular("a,b\n1,2\r")).toBe(true);
  expect(irregular("\n\na,b\n1,2\n")).toBe(true);
  expect(irregular("a\n1\n\n2\n")).toBe(true);
  expect(irregular('{"a":1}\r\n{}\n', "jsonl")).toBe(false);
  expect(irregular('\xef\xbb\xbf{"a":1}\n', "jsonl")).toBe(true);
});

test("lines of JSON, whatever the chunks", () => {
  const bytes = '{"a":1}\r\n\n \t\nnot\n{"a":"\xe9"}\n{"a":"\xc3\xa9"}\n{"a":';
  const expected = ["1 good", "4 good", "5 encoding", "6 good", "7 cut"];
  expect(kinds(bytes, "jsonl")).toEqual(expected);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
      const { rows } = split(bytes, cuts, "jsonl");
      expect(rows.map(({ kind, line }) => `${line} ${kind}`)).toEqual(expected);
    }),
    fuzz(100),
  );
});
