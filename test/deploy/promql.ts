/** What a PromQL expression asks for. It knows names and labels, not all of the language; promtool knows the rest. */

/** Labels that Prometheus gives each series when it scrapes. */
export const scrapeLabels = ["job", "instance"];

/** Series that Prometheus makes itself. */
export const scrapeMetrics = ["up"];

export interface Selector {
  readonly metric: string;
  /** Within its braces. */
  readonly labels: readonly string[];
}

/** Metrics with the labels they are chosen by. */
export function selectorsOf(expression: string): readonly Selector[] {
  const bare = expression
    .replace(/\b(by|on|ignoring|without|group_left|group_right)\s*\([^)]*\)/g, "")
    .replace(/"[^"]*"/g, '""')
    .replace(/\[[^\]]*\]/g, "");
  return [...bare.matchAll(/\b([a-z_][a-z0-9_]*)\b\s*(\{[^}]*\})?(?!\s*\()/g)].flatMap(
    ([, metric = "", braces = ""]) =>
      metric.includes("_") || scrapeMetrics.includes(metric)
        ? [{ metric, labels: [...braces.matchAll(/([a-z_]+)\s*[=!]~?/g)].map(([, label = ""]) => label) }]
        : [],
  );
}

/** Labels that results are grouped or joined by. */
export function groupLabelsOf(expression: string): readonly string[] {
  return [...expression.matchAll(/\b(?:by|on|ignoring|without|group_left)\s*\(([^)]*)\)/g)].flatMap(
    ([, labels = ""]) =>
      labels
        .split(",")
        .map((label) => label.trim())
        .filter(Boolean),
  );
}
