/** What the mean hides: kinds of users and kinds of items. */
import { legendOf, type ReportFacts, rankModels } from "../facts.ts";
import { drawBars, drawLegend } from "../figures.ts";
import { type Html, html } from "../html.ts";
import { labelMetric } from "../metric-words.ts";
import { formatCount, formatRange, formatValue } from "../numbers.ts";
import { details, figure, section, table } from "../parts.ts";

const words: Readonly<Record<string, string>> = {
  "users:new": "New users, no history",
  "users:light": "Light users",
  "users:heavy": "Heavy users",
  "items:head": "Popular items",
  "items:tail": "Long-tail items",
};

export function slicesSection({ training }: ReportFacts): Html | undefined {
  const { metric } = training;
  const models = rankModels(training);
  const names = [...new Set(models.flatMap(({ slices }) => Object.keys(slices)))];
  const order = Object.keys(words);
  const known = names.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const bars = known.flatMap((name) =>
    models.flatMap(({ kind, slices }) => {
      const slice = slices[name];
      const estimate = slice?.metrics[metric];
      if (slice === undefined || estimate === undefined) return [];
      return [{ ...estimate, name, model: kind, users: slice.users, group: titleOf(name, slice.users) }];
    }),
  );
  if (bars.length === 0) return undefined;
  const label = labelMetric(metric);
  const legend = legendOf(training);
  const figureOf = (prefix: string, caption: string) => {
    const own = bars.filter((bar) => bar.name.startsWith(prefix));
    return own.length === 0 ? [] : [figure(drawBars(legend, own, label), caption)];
  };
  return section(
    {
      id: "slices",
      title: "Slices",
      lead: html`${label} on parts of the test: users by how much history they bring (light and heavy meet at the median), items by how popular they are (the head holds 80 % of the train events). An item slice counts only relevant items of its kind.`,
    },
    drawLegend(legend),
    html`<div class="figures">${[...figureOf("users:", "By user"), ...figureOf("items:", "By relevant item")]}</div>`,
    details(
      "The numbers",
      table(
        `${label} by slice`,
        [
          { title: "Slice" },
          { title: "Users", numeric: true },
          { title: "Model" },
          { title: label, numeric: true },
          { title: "95 % interval", numeric: true },
        ],
        bars.map((bar) => [
          html`${words[bar.name] ?? bar.name}`,
          html`${formatCount(bar.users)}`,
          html`${bar.model}`,
          html`${formatValue(bar.value)}`,
          html`${formatRange(bar)}`,
        ]),
      ),
    ),
  );
}

function titleOf(name: string, users: number): string {
  return `${words[name] ?? name} · ${formatCount(users)} ${users === 1 ? "user" : "users"}`;
}
