/** What was tried on the validation users, what was chosen there, and what the size budget cost. */
import { legendOf, type ReportFacts, rankModels } from "../facts.ts";
import { drawTrials } from "../figures.ts";
import { type Html, html } from "../html.ts";
import { labelMetric } from "../metric-words.ts";
import {
  formatBytes,
  formatCount,
  formatSettings,
  formatShare,
  formatSigned,
  formatValue,
} from "../numbers.ts";
import { details, figure, section, table } from "../parts.ts";

export function searchSection({ training }: ReportFacts): Html {
  const label = labelMetric(training.metric);
  const models = rankModels(training);
  const trials = models.flatMap(({ kind, trials }) => {
    const best = Math.max(...trials.map((trial) => trial.value));
    const bestIndex = trials.findIndex((trial) => trial.value === best);
    return trials.map((trial, index) => ({ ...trial, model: kind, best: index === bestIndex }));
  });
  const drawn =
    trials.length > models.length
      ? figure(
          drawTrials(legendOf(training), trials, `${label}, validation`),
          "Every setting tried; the best filled",
        )
      : undefined;
  return section(
    {
      id: "search",
      title: "Hyperparameters",
      lead: html`Chosen by ${label} on ${formatCount(training.users.validation)} validation users, before any model saw the test. Models were then refitted on train and validation events together.`,
    },
    table(
      "The chosen settings",
      [
        { title: "Model" },
        { title: "Settings" },
        { title: "Tried", numeric: true },
        { title: `${label}, validation`, numeric: true },
      ],
      models.map((model) => {
        const validation = model.validation[training.metric];
        return [
          html`<span class="model">${model.kind}</span>`,
          html`${formatSettings(model.hyperparameters)}`,
          html`${model.trials.length}`,
          html`${validation === undefined ? "–" : formatValue(validation.value)}`,
        ];
      }),
      { cards: true },
    ),
    drawn,
    trials.length > 0
      ? details(
          `All ${formatCount(trials.length)} settings tried`,
          table(
            `${label} of each setting on the validation users`,
            [{ title: "Model" }, { title: "Settings" }, { title: label, numeric: true }],
            trials.map((trial) => [
              html`${trial.model}`,
              html`${formatSettings(trial.hyperparameters)}`,
              html`${trial.best ? html`<strong>${formatValue(trial.value)}</strong>` : formatValue(trial.value)}`,
            ]),
          ),
        )
      : undefined,
  );
}

export function pruningSection({ manifest, training }: ReportFacts): Html | undefined {
  const { pruning } = manifest;
  if (pruning === undefined) return undefined;
  const { budgetBytes, bytesBefore, bytesAfter, neighboursPerItem, ndcgBefore, ndcgAfter } = pruning;
  const change = ndcgAfter - ndcgBefore;
  const k = training.metric.split("@")[1];
  const label = k === undefined ? "nDCG" : `nDCG@${k}`;
  return section(
    {
      id: "pruning",
      title: "Pruning to the size budget",
      lead: html`The weights were cut to the ${formatCount(neighboursPerItem)} strongest neighbours of each item so that they fit ${formatBytes(budgetBytes)}. On the validation users that changed ${label} by <strong>${formatSigned(change)}</strong>.`,
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
          html`${label}, validation`,
          html`${formatValue(ndcgBefore)}`,
          html`${formatValue(ndcgAfter)}`,
          html`${formatSigned(change)}`,
        ],
      ],
    ),
  );
}
