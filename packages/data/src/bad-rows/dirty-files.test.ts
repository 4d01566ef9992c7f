// Files that are damaged at random: what stays is what was not damaged, and every way of counting agrees.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isAttuneError } from "@attune/contracts";
import { parseProjectConfig } from "@attune/contracts/config";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { checkEvents } from "../check-events.ts";
import { duckdbEngine } from "../engine/duckdb/engine.ts";
import { readRows } from "../engine/rows.ts";
import { importSource } from "../source/import-source.ts";
import { openSource } from "../source/open-source.ts";
import { sql, table } from "../sql/sql.ts";
import { fuzz, fuzzTimeoutMs } from "../testing/fuzz.ts";
import { createProject } from "../testing/project.ts";
import { readSlowly } from "../testing/slow-csv.ts";
import { parseRecords } from "../text-file/header.ts";

const usualRuns = 12;

vi.setConfig({ testTimeout: fuzzTimeoutMs(usualRuns) });

/** A good row as text; ids need quotes now and then. */
const ids = [
  "u1",
  "u2",
  ' "u3"',
  '"a,b"',
  '"say ""hi"""',
  '"two\nlines"',
  '"a\r\n\nb"',
  "Zo\xc3\xab",
  '5" pipe',
];

/** What can be wrong with a row, as a change of its fields. */
const damages: Record<string, (fields: readonly string[]) => string> = {
  columns: ([user, item, rating]) => `${user},${item},${rating}`,
  wide: (fields) => [...fields, "x"].join(","),
  quotes: ([, item, rating, time]) => `"open,${item},${rating},${time}`,
  closing: ([user, , rating, time]) => `${user},"i"x,${rating},${time}`,
  encoding: ([user, , rating, time]) => `${user},\xe9,${rating},${time}`,
  nul: ([user, , rating, time]) => `${user},i\0,${rating},${time}`,
  time: ([user, item, rating]) => `${user},${item},${rating},noon`,
  rating: ([user, item, , time]) => `${user},${item},bad,${time}`,
};

const row = fc.record({
  user: fc.constantFrom(...ids),
  item: fc.integer({ min: 1, max: 5 }).map((n) => `i${n}`),
  time: fc.integer({ min: 1, max: 99 }),
  damage: fc.option(fc.constantFrom(...Object.keys(damages)), { freq: 4, nil: undefined }),
  lineEnd: fc.constantFrom("\n", "\n", "\n", "\r\n", "\n\n"),
});

interface Dirty {
  readonly text: string;
  readonly clean: string;
  readonly badCount: number;
}

function build(rows: readonly (typeof row extends fc.Arbitrary<infer T> ? T : never)[]): Dirty {
  const header = "user,item,rating,time\n";
  let [text, clean, badCount] = [header, header, 0];
  for (const { user, item, time, damage, lineEnd } of rows) {
    const fields = [user, item, String(1 + (time % 5)), String(time)];
    // A damaged row has no line ends of its own: which of its lines is bad would be a matter of taste.
    const plain = [user.replace(/[\r\n"]/g, ""), ...fields.slice(1)];
    text += (damage === undefined ? fields.join(",") : damages[damage]!(plain)) + lineEnd;
    if (damage === undefined) clean += `${fields.join(",")}\n`;
    else badCount++;
  }
  return { text, clean, badCount };
}

const columns = { user: "user", item: "item", rating: "rating", time: "time" };
const configOf = (path: string, events: object = {}) => ({
  events: { path, columns, ...events },
  rules: { minUserEvents: 1, minItemEvents: 1, repeats: "keep" },
  split: { kind: "random", validation: 0.3, test: 0.3 },
});

test("good rows are kept, exactly; refusing, skipping and checking count the same", async () => {
  let prepared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 30, maxLength: 80, size: "max" }), async (rows) => {
      const { text, clean, badCount } = build(rows);
      using project = createProject({
        "dirty.csv": Buffer.from(text, "latin1"),
        "clean.csv": Buffer.from(clean, "latin1"),
      });
      const outcome = (work: ReturnType<typeof project.prepare>) =>
        work.catch((cause: unknown) => {
          if (isAttuneError(cause)) return cause;
          throw cause;
        });
      const config = parseProjectConfig({ name: "test", data: configOf("dirty.csv") }, "the test");
      const report = await checkEvents({ config, projectDir: project.dir });
      const refused = await outcome(project.prepare(configOf("dirty.csv")));
      const skipped = await outcome(
        project.prepare(configOf("dirty.csv", { badRows: "skip", maxBadRows: 1 })),
      );
      const expected = await outcome(project.prepare(configOf("clean.csv")));

      expect(report).toMatchObject({ rowCount: rows.length, badCount });
      if (badCount > 0)
        expect(refused).toMatchObject({ code: "DATA_BAD_ROWS", details: { count: badCount } });
      if (isAttuneError(expected) || isAttuneError(skipped)) {
        expect(skipped).toMatchObject({ code: (expected as { code?: string }).code });
        return;
      }
      prepared++;
      const { "rejected.csv": _, ...files } = skipped.manifest.files;
      expect(files).toEqual(expected.manifest.files);
      expect(skipped.manifest.badRows?.rows ?? 0).toBe(badCount);
      if (badCount === 0) return;
      const rejected = readFileSync(join(skipped.dir, "rejected.csv"), "latin1");
      const lines = parseRecords(rejected, ",", Number.POSITIVE_INFINITY).slice(1);
      const kinds = Object.fromEntries(report.kinds.map(({ kind, count }) => [kind, count]));
      expect(skipped.manifest.badRows?.kinds).toEqual(kinds);
      expect(lines.length).toBe(badCount);
      const numbers = lines.map(([, line]) => Number(line));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      for (const [, line, , raw] of lines) expect(text.split(/\r\n|\n/)[Number(line) - 1]).toBe(raw);
    }),
    fuzz(usualRuns),
  );
  expect(prepared).toBeGreaterThan(0);
});

test("the engine reads the good rows of any text as a slow reading does", async () => {
  const piece = fc.constantFrom(
    ...[
      "1,2,3\n",
      "a,b,c\r\n",
      '"x\ny",2,3\n',
      '"a""b", c ,"3" \n',
      ",,\n",
      '"",2,"\r"\n',
      'a""b,5" x,"\n"\r\n',
    ],
    ...[",", '"', "\n", "\r", " ", "x", "\xc3\xa9", "\xff", "\0"],
  );
  using project = createProject({});
  const engine = await duckdbEngine.open({ tempDir: project.dir, memoryLimitBytes: 5e8 });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 40, size: "max" }),
      fc.boolean(),
      async (pieces, isTabbed) => {
        const text = `h,i,j\n1,2,3\n1,2,3\n${pieces.join("")}`.replaceAll(",", isTabbed ? "\t" : ",");
        const path = `t${run++}.${isTabbed ? "tsv" : "csv"}`;
        using files = createProject({ [path]: Buffer.from(text, "latin1") });
        const expected = readSlowly(text, isTabbed ? "\t" : ",");
        const good = expected.filter(({ kind }) => kind === "good");
        if (expected.filter(({ kind }) => kind === "encoding").length * 2 > expected.length - 1) return;
        const file = await openSource({ path }, files.dir, "events");
        await importSource(engine, file, `t${run}`, ["h", "i", "j"]);
        const rows = await readRows(
          engine,
          sql`select coalesce(c0, ''), coalesce(c1, ''), coalesce(c2, '') from ${table(`t${run}`)} t order by row_id asc`,
        );
        await engine.discard(`t${run}`);

        expect(
          rows.map((cells) => cells.map((cell) => Buffer.from(String(cell)).toString("latin1"))),
        ).toEqual(good.map(({ fields }) => fields));
        expect(file.text?.defects.count).toBe(expected.length - 1 - good.length);
      },
    ),
    fuzz(150),
  );
  await engine.close();
});
