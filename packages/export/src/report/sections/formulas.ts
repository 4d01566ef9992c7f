import type { ReportFacts } from "../facts.ts";
import { type Html, html } from "../html.ts";
import { metricOrder, metricWords, splitMetric } from "../metric-words.ts";
import { section, table } from "../parts.ts";

/** The formula of every metric the report shows. */
export function formulasSection({ training }: ReportFacts): Html {
  const shown = new Set(
    training.models.flatMap(({ test }) => Object.keys(test).map((name) => splitMetric(name).metric)),
  );
  const rows = metricOrder.flatMap((metric) => {
    const words = metricWords(metric);
    return words === undefined || !shown.has(metric)
      ? []
      : [
          [
            html`${words.label}@k`,
            html`<span class="formula">${words.formula}</span>`,
            html`${words.meaning}`,
          ],
        ];
  });
  return section(
    {
      id: "formulas",
      title: "What the metrics mean",
      lead: html`R is the set of a user’s relevant items (their test events, also those no list can hold), r a rank from 1, hit(r) is 1 when the item at rank r is in R and else 0, hits(k) the sum of hit(r) up to k. Every user counts the same. Intervals: 2.5 % and 97.5 % of the means of bootstrap samples of users.`,
    },
    table("Formulas", [{ title: "Metric" }, { title: "Of one list" }, { title: "In words" }], rows),
  );
}
