/** How the metrics move with the length of the list. */
import { type AnyFacts, legendOf, testEstimates } from "../facts.ts";
import { drawCurves, drawLegend } from "../figures.ts";
import { type Html, html } from "../html.ts";
import { metricWords, sortMetrics, splitMetric } from "../metric-words.ts";
import { figure, section } from "../parts.ts";
import { intervalsOf } from "../unit-words.ts";

export function curvesSection({ training }: AnyFacts): Html | undefined {
  const legend = legendOf(training);
  const byMetric = new Map<string, number[]>();
  for (const name of sortMetrics([...new Set(training.models.flatMap(({ test }) => Object.keys(test)))])) {
    const { metric, k } = splitMetric(name);
    if (k !== undefined) byMetric.set(metric, [...(byMetric.get(metric) ?? []), k]);
  }
  const figures = [...byMetric]
    .filter(([, ks]) => ks.length > 1)
    .map(([metric, ks]) => {
      const points = training.models.flatMap(({ kind, test }) =>
        ks.flatMap((k) => {
          const estimate = test[`${metric}@${k}`];
          return estimate === undefined ? [] : [{ ...estimate, model: kind, k }];
        }),
      );
      const label = metricWords(metric)?.label ?? metric;
      return figure(drawCurves(legend, points, label), `${label}@k`);
    });
  if (figures.length === 0) return undefined;
  return section(
    {
      id: "curves",
      title: "Metrics by list length",
      lead: html`The same lists, cut at different lengths k. Vertical lines are ${intervalsOf(testEstimates(training), training.unit)}.`,
    },
    drawLegend(legend),
    html`<div class="figures">${figures}</div>`,
  );
}
