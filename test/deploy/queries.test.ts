import { beforeAll, describe, expect, test } from "vitest";
import { metricList } from "../../apps/server/src/observe/metric-list.ts";
import { readDeployFile, readYaml } from "./deploy-files.ts";
import { groupLabelsOf, scrapeLabels, scrapeMetrics, selectorsOf } from "./promql.ts";
import { scrapedNames } from "./scraped-names.ts";

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
}

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly action: string };
}

const dashboard = JSON.parse(readDeployFile("grafana/attune.json")) as Dashboard;
const { groups } = readYaml<{ groups: readonly { rules: readonly Rule[] }[] }>("prometheus/alerts.yaml");
const rules = groups.flatMap((group) => group.rules);
const panels = dashboard.panels.filter(({ type }) => type !== "row");
const variables = dashboard.templating.list.flatMap(({ name, definition }) =>
  definition === undefined
    ? []
    : [{ title: `variable ${name}`, expr: definition.replace(/^label_values\((.+), \w+\)$/, "$1") }],
);
const queries = [
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr }))),
  ...dashboard.annotations.list.map(({ expr }) => ({ title: "annotation", expr })),
  ...variables,
  ...rules.map(({ alert, expr }) => ({ title: alert, expr })),
];

let scraped: ReadonlyMap<string, readonly string[]>;
beforeAll(async () => {
  scraped = await scrapedNames();
});

test.each(queries)("$title asks for series that a server has, by labels that they have", ({ expr }) => {
  const selectors = selectorsOf(expr);
  expect(selectors.length, expr).toBeGreaterThan(0);
  const known = selectors.flatMap(({ metric }) => scraped.get(metric) ?? []);
  for (const { metric, labels } of selectors) {
    if (!scrapeMetrics.includes(metric)) expect([...scraped.keys()]).toContain(metric);
    const own = [...(scraped.get(metric) ?? []), ...scrapeLabels];
    expect(
      labels.filter((label) => !own.includes(label)),
      metric,
    ).toEqual([]);
  }
  expect(groupLabelsOf(expr).filter((label) => ![...known, ...scrapeLabels].includes(label))).toEqual([]);
});

test.each(queries)("$title takes rates of counters and histograms only", ({ expr }) => {
  const counters = new Set(
    [...scraped.keys()].filter((name) => {
      const family = name.replace(/_(bucket|sum|count)$/, "");
      return name.endsWith("_total") || (family in metricList && family !== name);
    }),
  );
  for (const [, metric = ""] of expr.matchAll(/\b(?:rate|increase)\(([a-z_]+)/g)) {
    expect([...counters]).toContain(metric);
  }
});

describe("the dashboard", () => {
  test("shows every metric of the list", () => {
    const shown = new Set(
      panels
        .flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => selectorsOf(expr)))
        .map(({ metric }) => metric.replace(/_(bucket|sum|count)$/, "")),
    );
    const details = ["attune_build_info", "process_start_time_seconds"];
    expect(
      Object.keys(metricList)
        .filter((name) => !shown.has(name))
        .sort(),
    ).toEqual(details);
  });

  test("has panels with a title and words, that do not overlap", () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    for (const { title, description } of panels)
      expect(`${title}: ${description}`).toMatch(/^[A-Z].+: [A-Z\d].+\.$/);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(dashboard.panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });
});

test("every alert has a severity, and says what is wrong and what to do", () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { alert, labels, annotations } of rules) {
    expect(alert).toMatch(/^Attune[A-Z][A-Za-z]+$/);
    expect(["page", "ticket"]).toContain(labels.severity);
    expect(annotations.summary.length).toBeGreaterThan(20);
    expect(annotations.action).toMatch(/^[A-Z].*\.$/);
  }
});

test("what is read out of an expression", () => {
  const expr =
    'sum by (le) (rate(a_b_bucket{x="c_d",y=~"e"}[5m])) / on (x) group_left () f_g > 0.5 and up == 0';
  expect(selectorsOf(expr)).toEqual([
    { metric: "a_b_bucket", labels: ["x", "y"] },
    { metric: "f_g", labels: [] },
    { metric: "up", labels: [] },
  ]);
  expect(groupLabelsOf(expr)).toEqual(["le", "x"]);
});
