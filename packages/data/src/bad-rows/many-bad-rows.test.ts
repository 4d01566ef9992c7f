// However many rows are bad, nothing that grows with the file is held: the work is done in a small heap.
import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { createProject, gridCsv, gridRows } from "../testing/project.ts";
import type { BadRowReport } from "./report.ts";
import type { SkippedRows } from "./settle.ts";

/** Bad rows of each of six kinds; `ATTUNE_BAD_ROW_COUNT` scales all of them up. */
const perKind = Math.ceil(Number(process.env.ATTUNE_BAD_ROW_COUNT ?? 300_000) / 6);

const badRows = {
  columns: "ann,w\n",
  quotes: 'ann,"w,1,1\n',
  encoding: "ann,\xe9,1,1\n",
  nul: "ann,w\0,1,1\n",
  time: "ann,w,1,noon\n",
  rating: "ann,w,bad,1\n",
};

const heapMb = 36;
const main = fileURLToPath(new URL("../testing/check-events-main.ts", import.meta.url));

test("counts stay exact, ten rows of each kind are shown, all stand in rejected.csv", {
  timeout: 60_000 + perKind,
}, async () => {
  using project = createProject({ "events.csv": gridCsv });
  const path = join(project.dir, "events.csv");
  // Good rows between the bad ones keep the file from being called one of another encoding.
  const block = Buffer.from(Object.values(badRows).join(""), "latin1");
  for (let left = perKind; left > 0; left -= 1000) {
    await appendFile(path, Buffer.concat(Array<Buffer>(Math.min(left, 1000)).fill(block)));
  }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      "--conditions=@attune/source",
      `--max-old-space-size=${heapMb}`,
      "--disable-warning=ExperimentalWarning",
      main,
      path,
    ],
    { maxBuffer: 1e8 },
  );
  const {
    report,
    badRows: skipped,
    dir,
  } = JSON.parse(stdout) as {
    report: BadRowReport;
    badRows: SkippedRows;
    dir: string;
  };
  const expected = Object.fromEntries(Object.keys(badRows).map((kind) => [kind, perKind]));
  const total = 6 * perKind;

  expect(report.rowCount).toBe(gridRows.length + total);
  expect(report.badCount).toBe(total);
  expect(Object.fromEntries(report.kinds.map(({ kind, count }) => [kind, count]))).toEqual(expected);
  for (const { examples } of report.kinds) expect(examples.length).toBe(10);
  expect(skipped).toEqual({ rows: total, kinds: expected });
  expect(await countLines(join(dir, "rejected.csv"))).toBe(total + 1);
});

async function countLines(path: string): Promise<number> {
  let count = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (const byte of chunk) if (byte === 10) count++;
  }
  return count;
}
