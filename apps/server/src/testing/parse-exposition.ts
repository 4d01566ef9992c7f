/** A strict reader of Prometheus' text format: what it does not know, it refuses. */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ExposedMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const labelPair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(,|$)/y;
const numberWord = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]Inf|NaN)$/;
const suffixes: Readonly<Record<string, readonly string[]>> = {
  histogram: ["_bucket", "_sum", "_count"],
  counter: [""],
  gauge: [""],
};

/** @throws {Error} with the line, where the text is not what version 0.0.4 of the format allows. */
export function parseExposition(text: string): ReadonlyMap<string, ExposedMetric> {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const metrics = new Map<string, ExposedMetric & { samples: Sample[] }>();
  const seen = new Set<string>();
  let help: { name: string; text: string } | undefined;
  let current: (ExposedMetric & { samples: Sample[] }) | undefined;
  for (const line of text.slice(0, -1).split("\n")) {
    const fail = (why: string) => new Error(`${why}: ${line}`);
    const [, keyword, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (keyword === "HELP") {
      help = { name: name!, text: rest! };
    } else if (keyword === "TYPE") {
      if (help?.name !== name || !metricName.test(name!)) throw fail("TYPE without its HELP");
      if (metrics.has(name!)) throw fail("a metric twice");
      if (!(rest! in suffixes)) throw fail("unknown type");
      current = { name: name!, type: rest!, help: help!.text, samples: [] };
      metrics.set(name!, current);
    } else {
      const [, sample = "", pairs, value = ""] = sampleLine.exec(line) ?? [];
      if (current === undefined || !numberWord.test(value)) throw fail("not a sample");
      const { name: family, type } = current;
      if (!suffixes[type]!.some((suffix) => sample === family + suffix))
        throw fail("a sample out of its metric");
      const labels = pairs === undefined ? {} : parseLabels(pairs, fail);
      const identity = JSON.stringify([sample, Object.entries(labels).sort()]);
      if (seen.has(identity)) throw fail("a series twice");
      seen.add(identity);
      current.samples.push({ name: sample, labels, value: Number(value.replace("Inf", "Infinity")) });
    }
  }
  for (const metric of metrics.values()) if (metric.type === "histogram") checkHistogram(metric);
  return metrics;
}

function parseLabels(pairs: string, fail: (why: string) => Error): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  labelPair.lastIndex = 0;
  while (labelPair.lastIndex < pairs.length) {
    const [, name, value] = labelPair.exec(pairs) ?? [];
    if (name === undefined || name in labels) throw fail("labels");
    labels[name] = value!.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
  }
  return labels;
}

/** Buckets rise to `+Inf`, which is the count; each series has a sum. */
function checkHistogram({ name, samples }: ExposedMetric): void {
  const series = new Map<string, Sample[]>();
  for (const sample of samples) {
    const { le: _, ...labels } = sample.labels;
    const key = JSON.stringify(labels);
    series.set(key, [...(series.get(key) ?? []), sample]);
  }
  for (const [labels, of] of series) {
    const valuesOf = (suffix: string) => of.filter((sample) => sample.name === name + suffix);
    const buckets = valuesOf("_bucket");
    const bounds = buckets.map((sample) => Number(sample.labels.le?.replace("Inf", "Infinity")));
    const isRising = (values: readonly number[]) =>
      values.every((value, index) => index === 0 || value >= values[index - 1]!);
    const isWhole =
      bounds.at(-1) === Infinity &&
      isRising(bounds) &&
      isRising(buckets.map(({ value }) => value)) &&
      valuesOf("_sum").length === 1 &&
      valuesOf("_count").map(({ value }) => value)[0] === buckets.at(-1)!.value;
    if (!isWhole) throw new Error(`histogram ${name}${labels} is not whole`);
  }
}
