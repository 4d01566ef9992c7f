/** What was tried on the tuning half of the validation units, and what was chosen there. */
import type { TrainedModel } from "@attune/contracts/manifest";
import { type AnyFacts, legendOf, rankModels } from "../facts.ts";
import { drawTrials } from "../figures.ts";
import { type Html, html } from "../html.ts";
import { labelMetric } from "../metric-words.ts";
import { formatCount, formatRange, formatSettings, formatTime, formatValue } from "../numbers.ts";
import { details, figure, section, table } from "../parts.ts";
import { countUnits, unitsOf } from "../unit-words.ts";

export function searchSection({ training }: AnyFacts): Html {
  const { metric, units, unit } = training;
  const label = labelMetric(metric);
  const models = rankModels(training);
  const trials = models.flatMap(trialsOf);
  const drawn =
    trials.length > models.length
      ? figure(
          drawTrials(legendOf(training), trials, `${label}, tuning`),
          "Every setting tried; the chosen filled",
        )
      : undefined;
  return section(
    {
      id: "search",
      title: "Hyperparameters",
      lead: html`Chosen by ${label} on ${countUnits(units.tuning, unit)} of the validation, before any model saw the test; the models were then compared on the other ${countUnits(units.choosing, unit)}.`,
    },
    table(
      "The chosen settings",
      [
        { title: "Model" },
        { title: "Settings" },
        { title: "Tried", numeric: true },
        { title: "Seeds", numeric: true },
        { title: "Search", numeric: true },
        { title: `${label}, choosing`, numeric: true },
      ],
      models.map((model) => {
        const validation = model.validation[metric];
        return [
          html`<span class="model">${model.kind}</span>`,
          html`${formatSettings(model.hyperparameters)}`,
          html`${new Set(trialsOf(model).map(({ key }) => key)).size}`,
          html`${model.seeds.length}`,
          html`${formatTime(model.searchMs)}`,
          html`${validation === undefined ? "–" : formatValue(validation.value)}${validation?.interval && html`<span class="note">${formatRange(validation)}</span>`}`,
        ];
      }),
      { cards: true },
    ),
    drawn,
    trials.length > 0
      ? details(
          `All ${formatCount(trials.length)} fits of the search`,
          table(
            `${label} of each setting on the tuning ${unitsOf(unit)}`,
            [
              { title: "Model" },
              { title: "Settings" },
              { title: "Seed", numeric: true },
              { title: label, numeric: true },
            ],
            trials.map((trial) => [
              html`${trial.model}`,
              html`${formatSettings(trial.hyperparameters)}`,
              html`${trial.seed}`,
              html`${trial.chosen ? html`<strong>${formatValue(trial.value)}</strong>` : formatValue(trial.value)}`,
            ]),
          ),
        )
      : undefined,
  );
}

/** The trials of a model; those of the setting it was shipped with are the chosen ones. */
function trialsOf({ kind, trials, hyperparameters }: TrainedModel) {
  const shipped = JSON.stringify(hyperparameters);
  return trials.map((trial) => {
    const key = JSON.stringify(trial.hyperparameters);
    return { ...trial, key, model: kind, chosen: key === shipped };
  });
}
