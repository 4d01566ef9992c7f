/** `README.md` of an artifact: a model card with front matter as on the Hugging Face hub. Counts, never people. */
import type { TaskName } from "@attune/contracts";
import { type ArtifactManifest, countSourceRows } from "@attune/contracts/manifest";
import { measuredAndReleased } from "../report/counts.ts";
import { type AnyFacts, chosenModel, type ReportFacts, testEstimates } from "../report/facts.ts";
import { labelMetric, sortMetrics } from "../report/metric-words.ts";
import {
  formatBytes,
  formatCount,
  formatRange,
  formatSettings,
  formatSigned,
  formatValue,
} from "../report/numbers.ts";
import { labelUnverified, markParity, replaceMarked } from "../report/parity-mark.ts";
import { intervalsOf } from "../report/unit-words.ts";
import type { CardOfTask } from "./task/card-of-task.ts";
import { taskCards } from "./task/task-cards.ts";

export interface CardOptions {
  /** SPDX id in lower case, as the hub writes it. Default `"unknown"`, which the card asks to replace. */
  readonly license?: string;
}

/** The card. Same facts, same bytes. */
export function createModelCard<T extends TaskName>(
  facts: ReportFacts<T>,
  { license = "unknown" }: CardOptions = {},
): string {
  const { manifest, training, dataset } = facts;
  const { name, version, model } = manifest;
  const card: CardOfTask<T> = taskCards[manifest.task as T];
  return `${frontMatter(facts, card, license)}
# ${name}, version ${version}

${sentence(model.description)} ${card.promise}
Everything measured is in [report.html](report.html).

## Intended use

${card.use(facts)}

## Run it with onnxruntime-node alone

\`\`\`js
${card.snippet(facts)}
\`\`\`

## Data

From ${formatCount(countSourceRows(dataset))} rows. Split: ${splitWords(dataset.split)}. ${measuredAndReleased(training)}
${card.holds}
${bulletList(dataset.notes)}
## Evaluation

${card.evaluation(facts)}; ${intervalsOf(testEstimates(training), training.unit)}.

${metricsTable(training)}

${sentence(training.reason)}
${leftOutList(training)}
## Limits

${bulletList(card.limits(facts))}
## Parity

The golden rows (\`golden.json\`) are edge cases and made-up requests; none is a person's.

${markParity(parityList(manifest.parity, manifest.unverified))}

## Origin

Model ${model.kind} (${formatSettings(model.hyperparameters)}), seed ${model.seed}, ${formatBytes(facts.modelBytes)}. Dataset key \`${manifest.data.key}\`, training key \`${training.key}\`.
Licence: ${license === "unknown" ? "not stated; set one before you publish" : license}.
`;
}

function bulletList(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}\n`).join("");
}

/** Trainers that did not fit the data; nothing when all did. */
function leftOutList({ leftOut }: AnyFacts["training"]): string {
  if (leftOut.length === 0) return "";
  const lines = leftOut.map(({ kind, reasons }) => `${kind}: ${reasons.join("; ")}`);
  return `\nNot compared, because they do not fit this data:\n\n${bulletList(lines)}`;
}

/** The card with other parity figures. */
export function replaceCardParity(
  card: string,
  parity: ArtifactManifest["parity"],
  unverified: ArtifactManifest["unverified"],
): string {
  return replaceMarked(card, parityList(parity, unverified));
}

function parityList(parity: ArtifactManifest["parity"], unverified: ArtifactManifest["unverified"]): string {
  const results = Object.values(parity ?? {});
  const leftOut = Object.entries(unverified ?? {}).map(
    ([name, reason]) => `- ${labelUnverified(name)}: ${reason}`,
  );
  if (results.length + leftOut.length === 0)
    return "Not verified yet; `attune verify` writes the figures here.";
  const measured = results.map(({ runtime, version, rows, maxAbs }) => {
    const difference = maxAbs === 0 ? "0" : maxAbs.toExponential(1);
    return `- ${runtime} ${version}: largest difference to the trainer ${difference} over ${formatCount(rows)} golden rows`;
  });
  return [...measured, ...leftOut].join("\n");
}

function frontMatter(
  { manifest, training }: AnyFacts,
  { tags, hubTask }: { readonly tags: readonly string[]; readonly hubTask: string },
  license: string,
): string {
  const chosen = chosenModel(training);
  const results = sortMetrics(Object.keys(chosen?.test ?? {})).map(
    (metric) => `          - type: ${yaml(metric)}
            value: ${Number(chosen!.test[metric]!.value.toFixed(6))}`,
  );
  return [
    "---",
    `license: ${yaml(license)}`,
    "library_name: onnx",
    "tags:",
    ...[...tags, "onnx", "attune", manifest.model.kind].map((tag) => `  - ${yaml(tag)}`),
    "model-index:",
    `  - name: ${yaml(manifest.name)}`,
    "    results:",
    "      - task:",
    `          type: ${yaml(hubTask)}`,
    "        dataset:",
    `          name: ${yaml(manifest.name)}`,
    `          type: ${yaml(manifest.data.key)}`,
    "        metrics:",
    ...results,
    "---",
    "",
  ].join("\n");
}

/** Plain where YAML takes it as a string, else quoted as JSON, which YAML reads. */
function yaml(text: string): string {
  return /^[A-Za-z][\w.-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

function splitWords({ kind = "unknown", ...options }: Readonly<Record<string, unknown>>): string {
  return `${String(kind)} (${formatSettings(options)})`;
}

function metricsTable(training: AnyFacts["training"]): string {
  const chosen = chosenModel(training);
  if (chosen === undefined) return "No figures.";
  const differences = chosen.differenceToBaseline;
  const head = [
    "Metric",
    "Value",
    "Interval",
    ...(differences ? [`Difference to ${training.baseline}`] : []),
  ];
  const rows = sortMetrics(Object.keys(chosen.test)).map((name) => {
    const estimate = chosen.test[name]!;
    const own = [labelMetric(name), formatValue(estimate.value), formatRange(estimate)];
    if (differences === undefined) return own;
    const difference = differences[name];
    if (difference === undefined) return [...own, "–"];
    const range = difference.interval ? ` (${formatRange(difference, formatSigned)})` : "";
    return [...own, `${formatSigned(difference.value)}${range}`];
  });
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
