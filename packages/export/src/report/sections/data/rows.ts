/** Where the rows of a table came from, its columns, and how they were split. */
import { measuredAndReleased } from "../../counts.ts";
import type { RowFacts } from "../../facts.ts";
import { type Html, html } from "../../html.ts";
import { formatCount } from "../../numbers.ts";
import { section, table } from "../../parts.ts";
import { cleaningTable, notesList, rolesTable } from "./cleaning.ts";

export function rowsSection(facts: RowFacts): Html {
  const { dataset, training } = facts;
  const { source, columns, target, notes } = dataset;
  return section(
    {
      id: "data",
      title: "Data",
      lead: html`${formatCount(source.rows)} rows of ${source.file}; the target is <code>${target}</code>. ${measuredAndReleased(training)}`,
    },
    notesList(notes),
    cleaningTable(facts),
    rolesTable(facts, "Rows"),
    table(
      "Columns that models may use",
      [{ title: "Column" }, { title: "Holds" }, { title: "Known values", numeric: true }],
      columns.map(({ name, kind, levels }) => [
        html`<code>${name}</code>`,
        html`${kind}`,
        html`${levels === undefined ? "–" : formatCount(levels.length)}`,
      ]),
    ),
  );
}
