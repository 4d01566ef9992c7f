import { expect, test } from "vitest";
import { createVersionStatistics } from "./version-statistics.ts";

test("counts only grow: rows of runs, waits of rows, calls by how they ended", () => {
  let now = 1000;
  const statistics = createVersionStatistics(() => now);
  expect(statistics.read()).toMatchObject({ lastCallAt: 0, rows: 0, runs: 0, success: { count: 0, ns: 0 } });
  statistics.observeWait(0.5);
  statistics.observeRun(4, 2);
  statistics.observeRun(1, 1);
  statistics.observeRun(4, 0.0000004);
  statistics.observeCall({ succeeded: true, totalMs: 3, decodeMs: 0.25, encodeMs: 0.125 });
  now = 2000;
  statistics.observeCall({ succeeded: false, totalMs: 7 });
  expect(statistics.read()).toEqual({
    lastCallAt: 1000,
    rows: 9,
    runs: 3,
    success: { count: 1, ns: 3e6 },
    fail: { count: 1, ns: 7e6 },
    queue: { count: 1, ns: 5e5 },
    decode: { count: 1, ns: 250_000 },
    compute: { count: 9, ns: 9_000_002 },
    encode: { count: 1, ns: 125_000 },
    batches: new Map([
      [1, { count: 1, ns: 1e6 }],
      [4, { count: 2, ns: 2e6 }],
    ]),
  });
});
