/** How the models were compared, from simple to complex, on units that tuned none of them. */
import type { Challenge } from "@attune/contracts/manifest";
import type { AnyFacts } from "../facts.ts";
import { type Html, html } from "../html.ts";
import { labelMetric } from "../metric-words.ts";
import { formatCount, formatLevel, formatProbability, formatRange, formatSigned } from "../numbers.ts";
import { intervalBar, type Span, section, spanOf, table } from "../parts.ts";
import { countUnits, unitsOf } from "../unit-words.ts";

export function choosingSection({ training }: AnyFacts): Html | undefined {
  const { challenges, metric, units, unit, budget, chosen } = training;
  if (challenges.length === 0) return undefined;
  const label = labelMetric(metric);
  const span = spanOf(
    challenges.map(({ lead }) => lead),
    [0],
  );
  const minutes = budget.minutes === undefined ? "" : ` and ${formatCount(budget.minutes)} minutes`;
  return section(
    {
      id: "choosing",
      title: "Choosing",
      lead: html`A more complex model takes the place only if it beats the one that holds it by a paired interval that excludes zero, corrected for ${formatCount(challenges.length)} ${challenges.length === 1 ? "challenge" : "challenges"} (Holm), on ${countUnits(units.choosing, unit)} that tuned no model. Every trainer had the same budget: at most ${formatCount(budget.trials)} settings${minutes}; ones with random starts are means over ${formatCount(budget.seeds)} ${budget.seeds === 1 ? "seed" : "seeds"}.`,
    },
    table(
      `${label} on the choosing ${unitsOf(unit)}: challenger minus holder`,
      [
        { title: "Challenger" },
        { title: "Holder" },
        { title: "Lead" },
        { title: "Adjusted p", numeric: true },
        { title: "Takes the place" },
      ],
      challenges.map((challenge) => [
        html`<span class="model">${challenge.challenger}</span>`,
        html`${challenge.holder}`,
        leadCell(challenge, span),
        html`${formatProbability(challenge.adjustedP)}`,
        html`${challenge.won ? html`<strong>yes</strong>` : "no"}`,
      ]),
      { cards: true },
    ),
    html`<p>${chosen} holds the place at the end.</p>`,
  );
}

function leadCell({ lead }: Challenge, span: Span): Html {
  const { interval } = lead;
  const range =
    interval &&
    html` <span class="muted">${formatRange(lead, formatSigned)} (${formatLevel(interval.level)})</span>`;
  return html`<span class="estimate"><strong>${formatSigned(lead.value)}</strong>${range}</span>${intervalBar(lead, span)}`;
}
