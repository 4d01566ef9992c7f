/** The text exposition format of Prometheus, version 0.0.4. */
import { countOf, type Histogram } from "./histogram.ts";
import { type MetricName, metricList } from "./metric-list.ts";

export const expositionType = "text/plain; version=0.0.4; charset=utf-8";

/** Values of a metric's labels, in the order of its list. */
export type LabelValues = readonly (string | number)[];

/** One metric at one scrape: a line for each set of labels. */
export type Reading = {
  readonly [Name in MetricName]: readonly [
    Name,
    Iterable<
      readonly [LabelValues, (typeof metricList)[Name]["type"] extends "histogram" ? Histogram : number]
    >,
  ];
}[MetricName];

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function renderExposition(readings: Iterable<Reading>): string {
  let text = "";
  for (const [name, samples] of readings) {
    const { type, labels, help } = metricList[name];
    text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
    for (const [values, value] of samples) {
      const pairs = labels.map((label, index) => `${label}="${escapeValue(String(values[index]))}"`);
      text += typeof value === "number" ? line(name, pairs, value) : histogramLines(name, pairs, value);
    }
  }
  return text;
}

function histogramLines(name: string, pairs: readonly string[], histogram: Histogram): string {
  let text = "";
  let below = 0;
  histogram.bounds.forEach((bound, index) => {
    below += histogram.counts[index]!;
    text += line(`${name}_bucket`, [...pairs, `le="${bound}"`], below);
  });
  const count = countOf(histogram);
  text += line(`${name}_bucket`, [...pairs, `le="+Inf"`], count);
  return text + line(`${name}_sum`, pairs, histogram.sum) + line(`${name}_count`, pairs, count);
}

function line(name: string, pairs: readonly string[], value: number): string {
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
}

function escapeValue(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
}
