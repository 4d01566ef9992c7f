/** Where the events came from, how they were split and cleaned, and what became of the targets. */
import type { DuplicateRule } from "@attune/contracts";
import { measuredAndReleased } from "../../counts.ts";
import type { ReportFacts } from "../../facts.ts";
import { type Html, html } from "../../html.ts";
import { formatCount, formatDay } from "../../numbers.ts";
import { section, table } from "../../parts.ts";
import { cleaningTable, notesList, rolesTable } from "./cleaning.ts";

const duplicateWords: Readonly<Record<DuplicateRule, string>> = {
  last: "an item that one person met several times weighs what its newest event weighs",
  highest: "an item that one person met several times weighs what its heaviest event weighs",
  sum: "the weights of an item that one person met several times are added up",
};

const repeatWords = {
  drop: "what a person had met is neither a target nor recommended again",
  keep: "what a person had met may be a target, and may be recommended again",
} as const;

export function eventsSection(facts: ReportFacts<"recommend">): Html {
  const { dataset, training } = facts;
  const { source, timeRange, duplicates, repeats, fileOrder, notes } = dataset;
  const period = timeRange && ` from ${formatDay(timeRange.firstMs)} to ${formatDay(timeRange.lastMs)}`;
  const order = fileOrder ? " The file has no time: its order was taken for the order of events." : "";
  return section(
    {
      id: "data",
      title: "Data",
      lead: html`${formatCount(source.rows)} rows of ${source.file}${givenFiles(dataset)}${period}. ${measuredAndReleased(training)}`,
    },
    html`<p>Events were split first; every rule then learned from train alone. Rule for repeats: ${repeatWords[repeats]} (<code>${repeats}</code>); ${duplicateWords[duplicates]} (<code>${duplicates}</code>).${order}</p>`,
    notesList(notes),
    cleaningTable(facts),
    rolesTable(facts, "Events"),
    targetsTable(dataset),
    sideTablesTable(dataset),
  );
}

/** Files of a given split beside the first: `, validation from valid.csv (1,000 rows)`. */
function givenFiles({ splitFiles = {} }: ReportFacts<"recommend">["dataset"]): string {
  return Object.entries(splitFiles)
    .map(([role, { file, rows }]) => `, ${role} from ${file} (${formatCount(rows)} rows)`)
    .join("");
}

function targetsTable({ targets, repeats }: ReportFacts<"recommend">["dataset"]): Html {
  const dropped = repeats === "drop" ? "Dropped: met before" : "Dropped as repeats (none)";
  return table(
    "Targets by split; one outside of the catalogue counts as missed",
    [
      { title: "Split" },
      { title: "Kept", numeric: true },
      { title: dropped, numeric: true },
      { title: "Outside of the catalogue", numeric: true },
    ],
    Object.entries(targets).map(([split, { kept, repeatsDropped, outsideCatalogue }]) => [
      html`${split}`,
      html`${formatCount(kept)}`,
      html`${formatCount(repeatsDropped)}`,
      html`${formatCount(outsideCatalogue)}`,
    ]),
  );
}

function sideTablesTable({ sideTables }: ReportFacts<"recommend">["dataset"]): Html | undefined {
  const tables = Object.entries(sideTables);
  if (tables.length === 0) return undefined;
  return table(
    "Side tables, joined to the release’s catalogue by id",
    [
      { title: "Table" },
      { title: "Rows", numeric: true },
      { title: "Ids with a row", numeric: true },
      { title: "Ids without", numeric: true },
      { title: "Rows not used", numeric: true },
    ],
    tables.map(([name, { file, rows, matched, missing, unused }]) => [
      html`${name}<span class="note">${file}</span>`,
      html`${formatCount(rows)}`,
      html`${formatCount(matched)}`,
      html`${formatCount(missing)}`,
      html`${formatCount(unused)}`,
    ]),
  );
}
