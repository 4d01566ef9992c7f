/** Where the events came from, what cleaning did to them, how they were split. */
import type { ReportFacts } from "../facts.ts";
import { type Html, html } from "../html.ts";
import { formatCount, formatDay, formatSettings } from "../numbers.ts";
import { section, shareCell, table } from "../parts.ts";

export function dataSection({ dataset }: ReportFacts): Html {
  const { source, counts, rules, roles, split, timeRange } = dataset;
  const { kind = "unknown", ...options } = split;
  const start = rules[0]?.rowsBefore ?? source.rows;
  const total = Object.values(roles).reduce((sum, count) => sum + count, 0);
  const period = timeRange && ` from ${formatDay(timeRange.firstMs)} to ${formatDay(timeRange.lastMs)}`;
  return section(
    {
      id: "data",
      title: "Data",
      lead: html`${formatCount(source.rows)} rows of ${source.file} became ${formatCount(counts.events)} events of ${formatCount(counts.users)} users and ${formatCount(counts.items)} items${period}.`,
    },
    table(
      "Cleaning, rule by rule in the order applied",
      [
        { title: "Rule" },
        { title: "Rows before", numeric: true },
        { title: "Rows after", numeric: true },
        { title: "Removed", numeric: true },
        { title: "Left of all rows" },
      ],
      rules.map(({ rule, rowsBefore, rowsAfter, note }) => [
        html`${rule}${note !== undefined && html`<span class="note">${note}</span>`}`,
        html`${formatCount(rowsBefore)}`,
        html`${formatCount(rowsAfter)}`,
        html`${formatCount(rowsBefore - rowsAfter)}`,
        shareCell(start === 0 ? 0 : rowsAfter / start),
      ]),
      { cards: true },
    ),
    table(
      `Events by role, split ${String(kind)} (${formatSettings(options)})`,
      [{ title: "Role" }, { title: "Events", numeric: true }, { title: "Share" }],
      Object.entries(roles).map(([role, count]) => [
        html`${role.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`,
        html`${formatCount(count)}`,
        shareCell(total === 0 ? 0 : count / total),
      ]),
    ),
  );
}
