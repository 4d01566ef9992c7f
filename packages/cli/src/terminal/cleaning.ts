/** What the rules of cleaning did to the rows: a table, and a line under it for each rule that took most of them. */
import path from "node:path";
import type { DatasetManifest, RuleReport } from "@attune/contracts/manifest";
import type { BadRowKind } from "@attune/data";
import Table from "cli-table3";
import pc from "picocolors";

type Manifest = Pick<DatasetManifest<"recommend">, "rules" | "badRows">;

const scopes: Record<RuleReport["scope"], string> = {
  raw: "all rows",
  train: "train rows",
  release: "rows of the release",
};

const badRowLabels: Record<BadRowKind, string> = {
  length: "too long",
  quotes: "broken quotes",
  columns: "wrong number of columns",
  cut: "cut at the end of the file",
  encoding: "not UTF-8",
  json: "no JSON object",
  nul: "U+0000 in an id",
  type: "event type without a weight",
  role: "no role of the split",
  time: "no time",
  rating: "no rating",
};

/** Where to look when a rule takes more than it should. */
const settings: Readonly<Record<string, string>> = {
  "bad rows": "data.events says how the file is read (format, columns, timeUnit)",
  "missing ids": "data.events.columns names the columns of the user and the item",
  "event types": "data.rules.eventWeights gives the types that were dropped the weight 0",
  "minimum rating": "data.rules.minRating and weightByRating set it",
  "exact copies":
    "rows with the same user, item, time and type count once; is data.events.columns.time the right column?",
  "k-core": "data.rules.minUserEvents and minItemEvents set it",
};

/** The rules in the order they ran, bad rows first with their kinds. */
export function cleaningTable({ rules, badRows }: Manifest): string {
  const table = new Table({
    head: ["rule", "of", "rows before → after", "dropped", ""],
    colAligns: ["left", "left", "right", "right", "left"],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const report of rules) {
    const { rule, scope, rowsBefore, rowsAfter, note } = report;
    const isBad = rule === "bad rows";
    const dropped = rowsBefore === rowsAfter ? "" : formatCount(rowsBefore - rowsAfter);
    table.push([
      rule,
      scopes[scope],
      `${formatCount(rowsBefore)} → ${formatCount(rowsAfter)}`,
      takesMost(report) ? pc.bold(pc.yellow(dropped)) : dropped,
      // Their kinds have lines of their own.
      isBad ? "" : (note ?? ""),
    ]);
    if (!isBad) continue;
    for (const [kind, count] of Object.entries(badRows?.kinds ?? {})) {
      table.push([`  ${badRowLabels[kind as BadRowKind] ?? kind}`, "", "", formatCount(count), ""]);
    }
  }
  return [table.toString(), ...rules.filter(takesMost).map(describeDrop)].join("\n");
}

/** Where the rows that were left out stand; `undefined` when none were. */
export function rejectedLine({ badRows }: Manifest, dir: string): string | undefined {
  if (badRows === undefined) return undefined;
  const rows = badRows.rows === 1 ? "1 bad row was" : `${formatCount(badRows.rows)} bad rows were`;
  return `${rows} left out; see ${path.join(dir, "rejected.csv")}`;
}

function takesMost({ rowsBefore, rowsAfter }: RuleReport): boolean {
  return rowsAfter * 2 < rowsBefore;
}

function describeDrop({ rule, scope, rowsBefore, rowsAfter }: RuleReport): string {
  const percent = Math.floor((100 * (rowsBefore - rowsAfter)) / rowsBefore);
  const setting = settings[rule];
  return pc.yellow(
    `"${rule}" dropped ${percent} % of ${scopes[scope]}${setting === undefined ? "" : `: ${setting}`}`,
  );
}

function formatCount(value: number): string {
  return value.toLocaleString("en");
}
