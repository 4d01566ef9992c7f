/** Names, formulas and meanings of the metrics of every task. A metric that is not here is shown by its name. */
import type { RankingMetric } from "@attune/metrics";
import { type Html, html } from "./html.ts";

export interface MetricWords {
  readonly label: string;
  readonly formula: Html;
  readonly meaning: string;
}

const sum = html`<span class="big">Σ</span>`;

const rankingWords: Readonly<Record<RankingMetric, MetricWords>> = {
  ndcg: {
    label: "nDCG",
    formula: html`${sum}<sub>r ≤ k</sub> hit(r) / log₂(r + 1), divided by ${sum}<sub>r ≤ min(k, |R|)</sub> 1 / log₂(r + 1)`,
    meaning: "Hits near the top count more; 1 when the list begins with everything relevant.",
  },
  recall: {
    label: "Recall",
    formula: html`hits(k) / |R|`,
    meaning: "Share of the relevant items that the list found.",
  },
  precision: {
    label: "Precision",
    formula: html`hits(k) / k`,
    meaning: "Share of the list that is relevant. A short list is not excused.",
  },
  map: {
    label: "MAP",
    formula: html`${sum}<sub>r ≤ k</sub> hit(r) · hits(r) / r, divided by min(k, |R|)`,
    meaning: "Mean of the precision at each hit.",
  },
  mrr: {
    label: "MRR",
    formula: html`1 / rank of the first hit; 0 without one among the first k`,
    meaning: "How soon the first relevant item comes.",
  },
  "hit-rate": {
    label: "Hit rate",
    formula: html`1 when hits(k) &gt; 0, else 0`,
    meaning: "Share of users who find anything at all.",
  },
};

const catalogueWords: Readonly<Record<string, MetricWords>> = {
  coverage: {
    label: "Coverage",
    formula: html`items in at least one list, divided by items of the catalogue`,
    meaning: "How much of the catalogue anybody gets to see.",
  },
  novelty: {
    label: "Novelty",
    formula: html`mean of −log₂ p(item) over all places, p = share of the pairs of user and item that the model was fitted on`,
    meaning: "How unexpected the lists are, in bits.",
  },
};

const classWords: Readonly<Record<string, MetricWords>> = {
  "log-loss": {
    label: "Log-loss",
    formula: html`−ln p(y)`,
    meaning: "How surprised the model is by the true class, in nats; lower is better.",
  },
  accuracy: {
    label: "Accuracy",
    formula: html`1 when argmax<sub>c</sub> p(c) = y, else 0`,
    meaning: "Share of rows whose most probable class is the true one.",
  },
  brier: {
    label: "Brier score",
    formula: html`${sum}<sub>c</sub> (p(c) − [c = y])²`,
    meaning: "Squared distance of the probabilities to the truth; lower is better.",
  },
  auc: {
    label: "ROC AUC",
    formula: html`share of pairs of a positive and a negative row in which the positive one scores higher, ties half`,
    meaning: "How well rows are ordered, whatever the threshold; two classes only.",
  },
};

const numberWords: Readonly<Record<string, MetricWords>> = {
  "squared-error": {
    label: "Squared error",
    formula: html`(ŷ − y)²`,
    meaning: "Large misses count most; lower is better.",
  },
  "absolute-error": {
    label: "Absolute error",
    formula: html`|ŷ − y|`,
    meaning: "The usual miss, in the target’s unit; lower is better.",
  },
};

const intervalWords: Readonly<Record<string, MetricWords>> = {
  "interval-score": {
    label: "Interval score",
    formula: html`(u − l) + (2 / α) · max(l − y, 0) + (2 / α) · max(y − u, 0), α = 0.05`,
    meaning: "Width of the interval, and a fine for a truth outside of it; lower is better.",
  },
};

const words: Readonly<Record<string, MetricWords>> = {
  ...rankingWords,
  ...catalogueWords,
  ...classWords,
  ...intervalWords,
  ...numberWords,
};

/** Metrics in the order of every figure and table. */
export const metricOrder: readonly string[] = Object.keys(words);

/** `"ndcg@10"` → its metric and cut-off; a name without a cut-off has none. */
export function splitMetric(name: string): { readonly metric: string; readonly k: number | undefined } {
  const [metric = name, k] = name.split("@");
  return { metric, k: k === undefined ? undefined : Number(k) };
}

export function metricWords(metric: string): MetricWords | undefined {
  return words[metric];
}

/** `"ndcg@10"` → `nDCG@10` */
export function labelMetric(name: string): string {
  const { metric, k } = splitMetric(name);
  const label = words[metric]?.label ?? metric;
  return k === undefined ? label : `${label}@${k}`;
}

/** By the order above, then by cut-off. */
export function sortMetrics(names: readonly string[]): readonly string[] {
  const place = (metric: string) => {
    const at = metricOrder.indexOf(metric);
    return at < 0 ? metricOrder.length : at;
  };
  return [...names].sort((a, b) => {
    const [left, right] = [splitMetric(a), splitMetric(b)];
    return (
      place(left.metric) - place(right.metric) ||
      (left.metric < right.metric ? -1 : left.metric > right.metric ? 1 : 0) ||
      (left.k ?? 0) - (right.k ?? 0)
    );
  });
}
