/** What the mean hides: kinds of users, of items, of rows. */
import { type AnyFacts, legendOf, rankModels } from "../facts.ts";
import { drawBars, drawLegend } from "../figures.ts";
import { type Html, html } from "../html.ts";
import { labelMetric } from "../metric-words.ts";
import { formatCount, formatRange, formatValue } from "../numbers.ts";
import { details, figure, section, table } from "../parts.ts";
import { countUnits, unitsOf } from "../unit-words.ts";

/** Slices of one task in the order shown: name → words. A slice that is not here comes last, by its name. */
export type SliceWords = Readonly<Record<string, string>>;

export interface SliceOptions {
  readonly words: SliceWords;
  /** What a slice's name begins with, before the colon → the caption of its figure. Default: `By <it>`. */
  readonly captions: Readonly<Record<string, string>>;
  /** What the slices are: goes on after "on parts of the test: ". */
  readonly lead: string;
}

export function slicesSection(
  { training }: AnyFacts,
  { words, captions, lead }: SliceOptions,
): Html | undefined {
  const { metric, unit } = training;
  const models = rankModels(training);
  const names = [...new Set(models.flatMap(({ slices }) => Object.keys(slices)))];
  const order = Object.keys(words);
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const titleOf = (name: string, units: number) => `${words[name] ?? name} · ${countUnits(units, unit)}`;
  const sorted = names.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
  const bars = sorted.flatMap((name) =>
    models.flatMap(({ kind, slices }) => {
      const slice = slices[name];
      const estimate = slice?.metrics[metric];
      if (slice === undefined || estimate === undefined) return [];
      return [{ ...estimate, name, model: kind, units: slice.units, group: titleOf(name, slice.units) }];
    }),
  );
  if (bars.length === 0) return undefined;
  const label = labelMetric(metric);
  const legend = legendOf(training);
  const kindOf = (name: string) => name.split(":")[0]!;
  const kinds = [...new Set(bars.map(({ name }) => kindOf(name)))];
  const drawn = kinds.map((kind) =>
    figure(
      drawBars(
        legend,
        bars.filter((bar) => kindOf(bar.name) === kind),
        label,
      ),
      captions[kind] ?? `By ${kind}`,
    ),
  );
  return section(
    {
      id: "slices",
      title: "Slices",
      lead: html`${label} on parts of the test: ${lead}`,
    },
    drawLegend(legend),
    html`<div class="figures">${drawn}</div>`,
    details(
      "The numbers",
      table(
        `${label} by slice`,
        [
          { title: "Slice" },
          { title: capital(unitsOf(unit)), numeric: true },
          { title: "Model" },
          { title: label, numeric: true },
          { title: "Interval", numeric: true },
        ],
        bars.map((bar) => [
          html`${words[bar.name] ?? bar.name}`,
          html`${formatCount(bar.units)}`,
          html`${bar.model}`,
          html`${formatValue(bar.value)}`,
          html`${formatRange(bar)}`,
        ]),
      ),
    ),
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
