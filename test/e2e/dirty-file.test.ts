// A dirty export of 200,000 rows, from `attune init` to a model that answers, with no config written by hand.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attune, jsonLine } from "./attune.ts";
import { brokenKinds, type DirtyCounts, writeDirtyShop } from "./dirty-shop.ts";

const rowCount = 200_000;

let dir: string;
let written: DirtyCounts;
beforeAll(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), "attune-dirty-"));
  written = await writeDirtyShop(path.join(dir, "dirty.csv"), rowCount);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface InitJson {
  readonly columns: Record<string, string>;
  readonly badRows: {
    readonly count: number;
    readonly rows: number;
    readonly kinds: readonly { readonly kind: string; readonly count: number }[];
  };
}

interface QuickstartJson {
  readonly dataset: { readonly users: number; readonly items: number; readonly sourceRows: number };
  readonly rules: readonly {
    readonly rule: string;
    readonly rowsBefore: number;
    readonly rowsAfter: number;
  }[];
}

test("init counts what is broken as it was written, and lists every spelling of a type", async () => {
  const outcome = await attune(["init", "--events", "dirty.csv", "--bad-rows", "skip", "--json"], dir);
  expect(outcome.code, outcome.stderr).toBe(0);
  const { columns, badRows } = jsonLine<InitJson>(outcome);
  expect(columns).toEqual({
    user: "customerId",
    item: "productId",
    type: "event_type",
    time: "created_at",
  });
  const found = Object.fromEntries(badRows.kinds.map(({ kind, count }) => [kind, count]));
  expect(found).toEqual(written.broken);
  expect(badRows.rows).toBe(rowCount);
  expect(badRows).toMatchObject({ count: brokenCount(), missingIds: written.missingIds });
  const config = JSON.parse(readFileSync(path.join(dir, "attune.config.json"), "utf8"));
  expect(config.data.events).toMatchObject({ badRows: "skip", timeUnit: "iso" });
  expect(config.data.rules.eventWeights).toEqual({
    view: 1,
    View: 1,
    "add-to-cart": 3,
    buy: 5,
    "Buy ": 5,
  });
});

test("quickstart makes a model of the good rows, and it answers with things of the person's own group", async () => {
  const outcome = await attune(["quickstart", "--no-serve", "--no-web", "--json"], dir);
  expect(outcome.code, outcome.stderr).toBe(0);
  const { dataset, rules } = jsonLine<QuickstartJson>(outcome);
  expect(dataset).toMatchObject({ users: 500, items: 80, sourceRows: rowCount });
  const good = rowCount - brokenCount();
  expect(rules.map(({ rule, rowsBefore, rowsAfter }) => [rule, rowsBefore, rowsAfter])).toEqual(
    expect.arrayContaining([
      ["bad rows", rowCount, good],
      ["missing ids", good, good - written.missingIds],
    ]),
  );
  const typed = Object.values(written.types).reduce((sum, count) => sum + count, 0);
  expect(good - written.missingIds).toBe(typed);
  const answer = await attune(["recommend", "--history", "p11,p12,p13,p14,p15", "--k", "5", "--json"], dir);
  expect(answer.code, answer.stderr).toBe(0);
  const { source, ids } = jsonLine<{ source: string; ids: readonly string[] }>(answer);
  expect(source).toBe("model");
  expect(
    ids.every((id) => /^p1\d$/.test(id)),
    ids.join(),
  ).toBe(true);
});

function brokenCount(): number {
  return brokenKinds.reduce((sum, kind) => sum + written.broken[kind], 0);
}
