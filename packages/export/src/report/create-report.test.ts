import { describe, expect, test } from "vitest";
import { createManifest } from "../artifact/manifest.ts";
import { createModelCard } from "../card/model-card.ts";
import { configExample, datasetExample, trainingExample } from "../fixtures/facts.ts";
import { itemIdsOf, neighbourModel, popularityOf } from "../fixtures/models.ts";
import { projectSize } from "../graph/project-size.ts";
import { buildRecommendModel } from "../graph/recommend-model.ts";
import { createReport } from "./create-report.ts";
import type { ReportFacts } from "./facts.ts";

const scoring = neighbourModel({ items: 30 });
const model = buildRecommendModel({
  name: "movies",
  model: scoring,
  popularity: popularityOf(30),
  itemIds: itemIdsOf(30),
  dataKey: datasetExample.key,
  trainingKey: trainingExample.key,
  limits: configExample.export,
});

function factsOf(more: Partial<ReportFacts> = {}): ReportFacts {
  const dataset = more.dataset ?? datasetExample;
  const training = more.training ?? trainingExample;
  return {
    manifest: createManifest({
      name: "movies",
      version: 3,
      scoring,
      model,
      itemCount: 30,
      dataset,
      training,
      config: configExample,
      tools: { attune: "0.1.0" },
      files: {},
    }),
    dataset,
    training,
    size: projectSize({ itemIds: itemIdsOf(30), weightBytes: scoring.fragment.bytes }).parts,
    modelBytes: 12_345,
    ...more,
  };
}

describe("createReport", () => {
  const report = createReport(factsOf());

  test("asks nothing of the network and runs no script", () => {
    expect(report.match(/(?:https?:)?\/\/[a-z0-9]/gi)).toBeNull();
    expect(report).not.toMatch(/<script|<link|<img|<iframe|@import|url\(| on[a-z]+=/i);
  });

  test("draws a metric that is the same everywhere without intervals across the whole plot", () => {
    const flat = { value: 1, lower: 1, upper: 1 };
    const models = trainingExample.models.map((one) => ({
      ...one,
      test: Object.fromEntries(Object.keys(one.test).map((name) => [name, flat])),
    }));
    const page = createReport(factsOf({ training: { ...trainingExample, models } }));
    const curves = /<section id="curves".*?<\/section>/s.exec(page)![0];
    const rules = [...curves.matchAll(/<line stroke="[^"]+" y2="([\d.]+)" y1="([\d.]+)"/g)];
    expect(rules.length).toBeGreaterThan(0);
    for (const [, top, bottom] of rules) expect(Math.abs(Number(bottom) - Number(top))).toBeLessThan(10);
  });

  test("shows every model with its value, its interval and its difference to the baseline", () => {
    for (const { kind, test: metrics, differenceToBaseline } of trainingExample.models) {
      expect(report).toContain(`<span class="model">${kind}</span>`);
      expect(report).toContain(metrics["ndcg@10"]!.value.toFixed(4));
      expect(report).toContain(metrics["ndcg@10"]!.lower.toFixed(4));
      const difference = differenceToBaseline?.["ndcg@10"];
      if (difference) expect(report).toContain(`+${difference.value.toFixed(4)}`);
    }
  });

  test("has all its sections, each named for a screen reader", () => {
    for (const id of [
      "leaderboard",
      "curves",
      "slices",
      "search",
      "pruning",
      "data",
      "file",
      "parity",
      "formulas",
    ]) {
      expect(report).toContain(`<section id="${id}" aria-labelledby="${id}-title">`);
      expect(report).toContain(`href="#${id}"`);
    }
    const tables = report.match(/<table/g)!.length;
    expect(report.match(/<caption>/g)).toHaveLength(tables);
    const drawings = report.match(/<svg[^>]*>/g)!;
    expect(drawings.length).toBeGreaterThan(10);
    for (const drawing of drawings) expect(drawing).toMatch(/role="img"|aria-hidden="true"/);
  });

  test("counts rows per cleaning rule and names every slice", () => {
    for (const { rule } of datasetExample.rules) expect(report).toContain(rule);
    for (const words of ["New users", "Light users", "Heavy users", "Popular items", "Long-tail items"]) {
      expect(report).toContain(words);
    }
  });

  test("gives the formula of every metric shown, and of no other", () => {
    expect(report).toContain("hits(k) / |R|");
    expect(report).not.toContain("Novelty@k");
  });

  test("is the same text for the same facts", () => {
    expect(createReport(factsOf())).toBe(report);
  });

  test("escapes what comes from the data", () => {
    const hostile = `<b onmouseover="x()">&'`;
    const rules = [{ rule: hostile, rowsBefore: 2, rowsAfter: 1, note: hostile }];
    const models = trainingExample.models.map((one) => ({ ...one, description: hostile }));
    const text = createReport(
      factsOf({
        dataset: { ...datasetExample, rules },
        training: { ...trainingExample, models, reason: hostile },
      }),
    );
    expect(text).not.toContain("<b ");
    expect(text).toContain("&lt;b onmouseover=&quot;x()&quot;&gt;&amp;&#39;");
  });

  test("does with one model, one cut-off, no slices, no trials and no pruning", () => {
    const [popularity] = trainingExample.models;
    const bare = {
      ...popularity!,
      trials: [],
      slices: {},
      test: { "ndcg@10": { value: 0, lower: 0, upper: 0 } },
      validation: {},
    };
    const { pruning: _, ...training } = trainingExample;
    const text = createReport(factsOf({ training: { ...training, chosen: "popularity", models: [bare] } }));
    expect(text).not.toContain("NaN");
    expect(text).not.toContain("undefined");
    expect(text).not.toContain('id="slices"');
    expect(text).not.toContain('id="pruning"');
  });
});

describe("createModelCard", () => {
  const card = createModelCard(factsOf(), { license: "mit" });

  test("opens with front matter of the hub", () => {
    expect(card).toMatch(/^---\nlicense: mit\nlibrary_name: onnx\ntags:\n {2}- recommendation\n/);
    expect(card).toMatch(/metrics:\n {10}- type: "ndcg@5"\n {12}value: 0\.\d+\n/);
    expect(createModelCard(factsOf())).toContain("license: unknown");
  });

  test("runs in ten lines, and names intervals and limits", () => {
    const snippet = card
      .match(/```js\n([\s\S]*?)```/)![1]!
      .trim()
      .split("\n");
    expect(snippet).toHaveLength(10);
    expect(card).toContain("| nDCG@10 | 0.4134 | 0.4054 – 0.4214 | +0.2014 (+0.1954 – +0.2074) |");
    expect(card).toContain("up to 1,000 history entries");
  });

  test("names no user", () => {
    expect(card).not.toMatch(/user-?id\b/i);
  });
});
