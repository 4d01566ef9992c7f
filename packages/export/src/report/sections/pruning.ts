/** What the size budget cost, against the model that was not pruned. */
import type { AnyFacts } from "../facts.ts";
import { type Html, html } from "../html.ts";
import { labelMetric } from "../metric-words.ts";
import { formatBytes, formatLevel, formatRange, formatShare, formatSigned, formatValue } from "../numbers.ts";
import { section, table } from "../parts.ts";
import { unitsOf } from "../unit-words.ts";

export function pruningSection({ manifest, training }: AnyFacts): Html | undefined {
  const { pruning } = manifest;
  if (pruning === undefined) return undefined;
  const { budgetBytes, bytesBefore, bytesAfter, kept, metric, before, after, change } = pruning;
  const label = labelMetric(metric);
  const units = unitsOf(training.unit);
  const { interval } = change;
  const range =
    interval && ` (${formatRange(change, formatSigned)}, ${formatLevel(interval.level)} interval)`;
  return section(
    {
      id: "pruning",
      title: "Pruning to the size budget",
      lead: html`The weights were cut so that they fit ${formatBytes(budgetBytes)}; left are ${kept}. On the choosing ${units} that changed ${label} by <strong>${formatSigned(change.value)}</strong>${range} against the unpruned model.`,
    },
    table(
      "Before and after pruning",
      [
        { title: "Measure" },
        { title: "Before", numeric: true },
        { title: "After", numeric: true },
        { title: "Change", numeric: true },
      ],
      [
        [
          html`Weights`,
          html`${formatBytes(bytesBefore)}`,
          html`${formatBytes(bytesAfter)}`,
          html`${formatShare((bytesAfter - bytesBefore) / Math.max(1, bytesBefore))}`,
        ],
        [
          html`${label}, choosing ${units}`,
          html`${formatValue(before.value)}`,
          html`${formatValue(after.value)}`,
          html`${formatSigned(change.value)}`,
        ],
      ],
    ),
  );
}
