/** Which model won, by how much, and how sure that is. */
import type { Estimate } from "@attune/contracts/manifest";
import { type AnyFacts, rankModels, testEstimates } from "../facts.ts";
import { type Html, html } from "../html.ts";
import { labelMetric, sortMetrics } from "../metric-words.ts";
import { formatBytes, formatRange, formatSigned, formatTime, formatValue } from "../numbers.ts";
import { details, intervalBar, type Span, section, spanOf, table } from "../parts.ts";
import { intervalsOf, unitsOf } from "../unit-words.ts";

/** @param measured - one sentence on what every model did for its figures. */
export function leaderboardSection({ training }: AnyFacts, measured: string): Html {
  const models = rankModels(training);
  const { metric, better, unit, baseline, chosen, leftOut } = training;
  const label = labelMetric(metric);
  const values = models.flatMap(({ test }) => test[metric] ?? []);
  const differences = models.flatMap(({ differenceToBaseline }) => differenceToBaseline?.[metric] ?? []);
  const valueSpan = spanOf(values);
  const differenceSpan = spanOf(differences, [0]);
  const rows = models.map((model) => [
    html`<span class="model">${model.kind}</span>${model.kind === chosen && html` <span class="badge">chosen</span>`}${model.kind === baseline && html` <span class="badge quiet">baseline</span>`}<span class="note">${model.description}</span>`,
    estimateCell(model.test[metric], valueSpan, formatValue),
    estimateCell(model.differenceToBaseline?.[metric], differenceSpan, formatSigned),
    html`${formatBytes(model.bytes)}`,
    html`${formatTime(model.fitMs)}`,
  ]);
  return section(
    {
      id: "leaderboard",
      title: "Leaderboard",
      lead: html`${measured} Bars are ${intervalsOf(values, unit)}; differences are paired. ${better === "higher" ? "Higher" : "Lower"} is better.`,
    },
    table(
      `${label} on the test ${unitsOf(unit)}: the chosen model, then the others by value`,
      [
        { title: "Model" },
        { title: label },
        { title: `Difference to ${baseline}` },
        { title: "Weights", numeric: true },
        { title: "Fit", numeric: true },
      ],
      rows,
      { cards: true },
    ),
    html`<p><strong>Why ${chosen}.</strong> ${training.reason}</p>`,
    leftOut.length > 0
      ? html`<p><strong>Left out.</strong> ${leftOut.map(({ kind, reasons }) => html`${kind}: ${reasons.join("; ")}.`)}</p>`
      : undefined,
    details("Every metric of every model", everyMetric(training)),
  );
}

function estimateCell(estimate: Estimate | undefined, span: Span, format: (value: number) => string): Html {
  if (estimate === undefined) return html`<span class="muted">–</span>`;
  const range = estimate.interval && html` <span class="muted">${formatRange(estimate, format)}</span>`;
  return html`<span class="estimate"><strong>${format(estimate.value)}</strong>${range}</span>${intervalBar(estimate, span)}`;
}

function everyMetric(training: AnyFacts["training"]): Html {
  const models = rankModels(training);
  const names = sortMetrics([...new Set(models.flatMap(({ test }) => Object.keys(test)))]);
  const cell = (estimate: Estimate | undefined) =>
    estimate === undefined
      ? html`–`
      : html`${formatValue(estimate.value)}${estimate.interval && html`<span class="note">${formatRange(estimate)}</span>`}`;
  return table(
    `All metrics on the test ${unitsOf(training.unit)}, with ${intervalsOf(testEstimates(training), training.unit)} where a figure has one`,
    [{ title: "Metric" }, ...models.map(({ kind }) => ({ title: kind, numeric: true as const }))],
    names.map((name) => [html`${labelMetric(name)}`, ...models.map(({ test }) => cell(test[name]))]),
  );
}
