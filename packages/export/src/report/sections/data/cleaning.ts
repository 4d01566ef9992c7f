/** Cleaning and roles: tables that the data section of every task has. */
import type { AnyFacts } from "../../facts.ts";
import { type Html, html } from "../../html.ts";
import { formatCount, formatSettings } from "../../numbers.ts";
import { shareCell, table } from "../../parts.ts";

type Rule = AnyFacts["dataset"]["rules"][number];

/** Which rows a rule looked at, and may therefore have learned from. */
const scopes: Readonly<Record<Rule["scope"], string>> = {
  raw: "every row",
  train: "train, for the figures",
  release: "all, for the release",
};

/** Rule by rule in the order applied; shares are of the rows that the rule's scope began with. */
export function cleaningTable({ dataset }: AnyFacts): Html | undefined {
  const { rules } = dataset;
  if (rules.length === 0) return undefined;
  const start = (scope: Rule["scope"]) => rules.find((rule) => rule.scope === scope)?.rowsBefore ?? 0;
  return table(
    "Cleaning, rule by rule in the order applied",
    [
      { title: "Rule" },
      { title: "Applied to" },
      { title: "Rows before", numeric: true },
      { title: "Rows after", numeric: true },
      { title: "Removed", numeric: true },
      { title: "Left of these rows" },
    ],
    rules.map(({ rule, scope, rowsBefore, rowsAfter, note }) => [
      html`${rule}${note !== undefined && html`<span class="note">${note}</span>`}`,
      html`${scopes[scope]}`,
      html`${formatCount(rowsBefore)}`,
      html`${formatCount(rowsAfter)}`,
      html`${formatCount(rowsBefore - rowsAfter)}`,
      shareCell(start(scope) === 0 ? 0 : rowsAfter / start(scope)),
    ]),
    { cards: true },
  );
}

/** @param rows - what the dataset's rows are: events, rows. */
export function rolesTable({ dataset }: AnyFacts, rows: string): Html {
  const { kind = "unknown", ...options } = dataset.split;
  const total = Object.values(dataset.roles).reduce((sum, count) => sum + count, 0);
  return table(
    `${rows} by role, split ${String(kind)} (${formatSettings(options)})`,
    [{ title: "Role" }, { title: rows, numeric: true }, { title: "Share" }],
    Object.entries(dataset.roles).map(([role, count]) => [
      html`${role.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`,
      html`${formatCount(count)}`,
      shareCell(total === 0 ? 0 : count / total),
    ]),
  );
}

/** What a reader should know of the data, a sentence each. */
export function notesList(notes: readonly string[]): Html | undefined {
  return notes.length === 0 ? undefined : html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`;
}
