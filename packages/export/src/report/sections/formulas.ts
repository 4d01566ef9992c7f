import type { AnyFacts } from "../facts.ts";
import { type Html, html } from "../html.ts";
import { metricOrder, metricWords, splitMetric } from "../metric-words.ts";
import { section, table } from "../parts.ts";
import { unitsOf } from "../unit-words.ts";

export interface FormulaOptions {
  /** What the letters of the formulas stand for. */
  readonly letters: string;
  /** What one formula is of: "one list", "one row". */
  readonly of: string;
}

/** The formula of every metric the report shows. */
export function formulasSection({ training }: AnyFacts, { letters, of }: FormulaOptions): Html | undefined {
  const names = training.models.flatMap(({ test }) => Object.keys(test).map(splitMetric));
  const rows = metricOrder.flatMap((metric) => {
    const words = metricWords(metric);
    const own = names.filter((name) => name.metric === metric);
    if (words === undefined || own.length === 0) return [];
    const label = own.some(({ k }) => k !== undefined) ? `${words.label}@k` : words.label;
    return [[html`${label}`, html`<span class="formula">${words.formula}</span>`, html`${words.meaning}`]];
  });
  if (rows.length === 0) return undefined;
  const units = unitsOf(training.unit);
  return section(
    {
      id: "formulas",
      title: "What the metrics mean",
      lead: html`${letters} Figures are means over ${units}, each counting the same, unless the formula says otherwise. Bootstrap intervals are quantiles of the means of resampled ${units}; a figure without an interval was not resampled.`,
    },
    table("Formulas", [{ title: "Metric" }, { title: `Of ${of}` }, { title: "In words" }], rows),
  );
}
