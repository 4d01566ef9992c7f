/** `README.md` of an artifact: a model card with front matter as on the Hugging Face hub. Counts, never people. */
import type { ArtifactManifest, TrainedModel } from "@attune/contracts/manifest";
import { chosenModel, type ReportFacts } from "../report/facts.ts";
import { labelMetric, sortMetrics } from "../report/metric-words.ts";
import {
  formatBytes,
  formatCount,
  formatRange,
  formatSettings,
  formatSigned,
  formatValue,
} from "../report/numbers.ts";
import { markParity, replaceMarked } from "../report/parity-mark.ts";

export interface CardOptions {
  /** SPDX id in lower case, as the hub writes it. Default `"unknown"`, which the card asks to replace. */
  readonly license?: string;
}

/** Ten lines for somebody who has the file and the engine; a test runs them. */
const snippet = `import { InferenceSession, Tensor } from "onnxruntime-node";
const session = await InferenceSession.create("model.onnx");
const history = ["an item id", "another"]; // what the user did; ids that are not known are ignored
const { items, scores, source } = await session.run({
  history: new Tensor("string", history, [1, history.length]),
  history_weight: new Tensor("float32", history.map(() => 1), [1, history.length]),
  exclude: new Tensor("string", [], [1, 0]), // ids that must not come back
  k: new Tensor("int64", [10n], [1]),
});
process.stdout.write(JSON.stringify({ items: items.data, scores: [...scores.data], source: source.data }));`;

/** The card. Same facts, same bytes. */
export function createModelCard(facts: ReportFacts, { license = "unknown" }: CardOptions = {}): string {
  const { manifest, training, dataset } = facts;
  const { name, version, model, limits, catalogue } = manifest;
  const chosen = chosenModel(training);
  return `${frontMatter(facts, license)}
# ${name}, version ${version}

${sentence(model.description)} One ONNX file takes item ids and gives a ranked list: preprocessing, model and ranking are all
inside. Everything measured is in [report.html](report.html).

## Intended use

Ranks ${formatCount(catalogue.items)} items for somebody with a history of items they used, new users included: without a known item in the
history the answer is popularity and says so (\`source\` is \`"fallback"\`). Not meant for decisions about people, and not
for items that were not in the data: an unknown id is ignored and counted (\`unknown\`).

## Run it with onnxruntime-node alone

\`\`\`js
${snippet}
\`\`\`

## Data

${formatCount(dataset.counts.events)} events of ${formatCount(dataset.counts.users)} users and ${formatCount(dataset.counts.items)} items, from ${formatCount(dataset.source.rows)} rows. Split: ${splitWords(dataset.split)}. The file holds
item ids, their popularity and the weights of the model; no user ids and no vectors of users.

## Evaluation

Ranking of the whole catalogue for ${formatCount(training.users.test)} test users, items of the history left out; 95 % bootstrap intervals over users.

${metricsTable(chosen, training.baseline)}

${sentence(training.reason)}

## Limits

- A request may send up to ${formatCount(limits.maxHistory)} history entries and ${formatCount(limits.maxExclude)} ids to exclude, and ask for up to ${formatCount(limits.maxK)} items.
- Scores can only be compared within one answer. Equal scores rank by item index.
- The model knows what was popular and used together in its data, with the biases of that data.

## Parity

${markParity(parityList(manifest.parity))}

## Origin

Model ${model.kind} (${formatSettings(model.hyperparameters)}), seed ${model.seed}, ${formatBytes(facts.modelBytes)}. Dataset key \`${manifest.data.key}\`, training key \`${training.key}\`.
Licence: ${license === "unknown" ? "not stated; set one before you publish" : license}.
`;
}

/** The card with other parity figures. */
export function replaceCardParity(card: string, parity: ArtifactManifest["parity"]): string {
  return replaceMarked(card, parityList(parity));
}

function parityList(parity: ArtifactManifest["parity"]): string {
  const results = Object.values(parity ?? {});
  if (results.length === 0) return "Not verified yet; `attune verify` writes the figures here.";
  return results
    .map(({ runtime, version, rows, maxAbs }) => {
      const difference = maxAbs === 0 ? "0" : maxAbs.toExponential(1);
      return `- ${runtime} ${version}: largest difference to the trainer ${difference} over ${formatCount(rows)} golden rows`;
    })
    .join("\n");
}

function frontMatter({ manifest, training }: ReportFacts, license: string): string {
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
    ...["recommendation", "personalization", "onnx", "attune", manifest.model.kind].map(
      (tag) => `  - ${yaml(tag)}`,
    ),
    "model-index:",
    `  - name: ${yaml(manifest.name)}`,
    "    results:",
    "      - task:",
    "          type: recommendation",
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

function metricsTable(chosen: TrainedModel | undefined, baseline: string): string {
  if (chosen === undefined) return "No figures.";
  const differences = chosen.differenceToBaseline;
  const head = ["Metric", "Value", "95 % interval", ...(differences ? [`Difference to ${baseline}`] : [])];
  const rows = sortMetrics(Object.keys(chosen.test)).map((name) => {
    const estimate = chosen.test[name]!;
    const own = [labelMetric(name), formatValue(estimate.value), formatRange(estimate)];
    if (differences === undefined) return own;
    const difference = differences[name];
    if (difference === undefined) return [...own, "–"];
    return [...own, `${formatSigned(difference.value)} (${formatRange(difference, formatSigned)})`];
  });
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
