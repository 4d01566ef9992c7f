/** Which model won, by how much, and how sure that is. */
import type { Estimate } from "@attune/contracts/manifest";
import { type ReportFacts, rankModels } from "../facts.ts";
import { type Html, html } from "../html.ts";
import { labelMetric, sortMetrics } from "../metric-words.ts";
import { formatBytes, formatCount, formatRange, formatSigned, formatValue } from "../numbers.ts";
import { details, intervalBar, type Span, section, spanOf, table } from "../parts.ts";

export function leaderboardSection({ training, manifest }: ReportFacts): Html {
  const models = rankModels(training);
  const { metric, baseline, chosen, users } = training;
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
    html`${(model.fitMs / 1000).toFixed(1)} s`,
  ]);
  return section(
    {
      id: "leaderboard",
      title: "Leaderboard",
      lead: html`Every model ranked all ${formatCount(manifest.catalogue.items)} items for the same ${formatCount(users.test)} test users; bars are 95 % bootstrap intervals over users, differences are paired.`,
    },
    table(
      `${label} on the test users: the chosen model, then the others by value`,
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
    details("Every metric of every model", everyMetric(models)),
  );
}

function estimateCell(estimate: Estimate | undefined, span: Span, format: (value: number) => string): Html {
  if (estimate === undefined) return html`<span class="muted">–</span>`;
  return html`<span class="estimate"><strong>${format(estimate.value)}</strong> <span class="muted">${formatRange(estimate, format)}</span></span>${intervalBar(estimate, span)}`;
}

function everyMetric(models: ReturnType<typeof rankModels>): Html {
  const names = sortMetrics([...new Set(models.flatMap(({ test }) => Object.keys(test)))]);
  const cell = (estimate: Estimate | undefined) =>
    estimate === undefined
      ? html`–`
      : html`${formatValue(estimate.value)}<span class="note">${formatRange(estimate)}</span>`;
  return table(
    "All metrics on the test users, with 95 % intervals",
    [{ title: "Metric" }, ...models.map(({ kind }) => ({ title: kind, numeric: true as const }))],
    names.map((name) => [html`${labelMetric(name)}`, ...models.map(({ test }) => cell(test[name]))]),
  );
}
