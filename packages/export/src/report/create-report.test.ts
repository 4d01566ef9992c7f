import type { TaskName } from "@attune/contracts";
import { describe, expect, test } from "vitest";
import { createManifest } from "../artifact/manifest.ts";
import { createModelCard } from "../card/model-card.ts";
import { exportInputs } from "../fixtures/export-input.ts";
import { datasetExample, trainingExample } from "../fixtures/facts.ts";
import { projectSize } from "../graph/project-size.ts";
import type { ExportInput } from "../task/export-input.ts";
import { taskExports } from "../task/task-exports.ts";
import { createReport } from "./create-report.ts";
import type { ReportFacts } from "./facts.ts";

const labels = { classify: "Log-loss", regress: "Squared error", hierarchical: "Interval score" };
const predictTasks = ["classify", "regress", "hierarchical"] as const;

/** The facts of an export, without writing it. */
function factsFrom<T extends TaskName>(name: T, more: Partial<ExportInput<T>> = {}): ReportFacts<T> {
  const task = taskExports[name];
  const input: ExportInput<T> = { ...exportInputs[name]("unused"), ...more };
  const { dataset, training } = input;
  return {
    manifest: createManifest({
      input,
      version: 3,
      model: task.build(input),
      fields: task.fields(input),
      files: {},
    }),
    dataset,
    training,
    size: projectSize(task.size(input)).parts,
    modelBytes: 12_345,
  };
}

const factsOf = (more: Partial<ExportInput<"recommend">> = {}) => factsFrom("recommend", more);

describe("createReport", () => {
  const report = createReport(factsOf());

  test("asks nothing of the network and runs no script", () => {
    expect(report.match(/(?:https?:)?\/\/[a-z0-9]/gi)).toBeNull();
    expect(report).not.toMatch(/<script|<link|<img|<iframe|@import|url\(| on[a-z]+=/i);
  });

  test("draws no interval, of width zero or any, where a figure has none", () => {
    const flat = { value: 1 };
    const models = trainingExample.models.map((one) => ({
      ...one,
      test: Object.fromEntries(Object.keys(one.test).map((name) => [name, flat])),
      slices: {},
    }));
    const page = createReport(factsOf({ training: { ...trainingExample, models } }));
    const curves = /<section id="curves".*?<\/section>/s.exec(page)![0];
    expect(curves).not.toMatch(/<line stroke="[^"]+" y2=/);
    expect(curves).toContain("figures without intervals");
    const board = /<section id="leaderboard".*?<\/section>/s.exec(page)![0];
    const bars = /<td[^>]*>(?:(?!<td).)*<strong>1\.0000<\/strong>(?:(?!<td).)*/s.exec(board)![0];
    expect(bars).toContain('class="value"');
    expect(bars).not.toContain('class="range"');
    expect(report).toContain('class="range"');
  });

  test("shows every model with its value, its interval and its difference to the baseline", () => {
    for (const { kind, test: metrics, differenceToBaseline } of trainingExample.models) {
      expect(report).toContain(`<span class="model">${kind}</span>`);
      expect(report).toContain(metrics["ndcg@10"]!.value.toFixed(4));
      expect(report).toContain(metrics["ndcg@10"]!.interval!.lower.toFixed(4));
      const difference = differenceToBaseline?.["ndcg@10"];
      if (difference) expect(report).toContain(`+${difference.value.toFixed(4)}`);
    }
  });

  test("has all its sections, each named for a screen reader", () => {
    for (const id of [
      "leaderboard",
      "curves",
      "slices",
      "choosing",
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

  test("names what was measured and what is released, both with their counts", () => {
    expect(report).toContain("72,219 events of 590 users and 3,412 items");
    expect(report).toContain("90,274 events of 610 users and 3,650 items");
    expect(report).toContain("ranked all 3,412 items of the measured catalogue for the same 943 users");
  });

  test("tells the protocol: targets, rules by scope, side tables, notes", () => {
    const data = /<section id="data".*?<\/section>/s.exec(report)![0];
    for (const text of ["8,207", "611", "210", "train, for the figures", "all, for the release"]) {
      expect(data).toContain(text);
    }
    expect(data).toContain("6,093");
    expect(data).toContain(datasetExample.notes[0]!);
    expect(data).not.toContain("The file has no time");
    const splitFiles = { test: { file: "test.csv", sha256: "d".repeat(64), rows: 9_028 } };
    const given = createReport(factsOf({ dataset: { ...datasetExample, splitFiles } }));
    expect(given).toContain("rows of ratings.csv, test from test.csv (9,028 rows) from 1996-03-29");
    const untimed = { ...datasetExample, fileOrder: true };
    expect(createReport(factsOf({ dataset: untimed }))).toContain(
      "its order was taken for the order of events",
    );
  });

  test("tells how models were chosen: challenges, levels, budget, seeds, and who was left out", () => {
    const choosing = /<section id="choosing".*?<\/section>/s.exec(report)![0];
    for (const text of [
      "&lt; 0.0001",
      "0.8812",
      "98.3\u00a0%",
      "at most 24 settings",
      "3 seeds",
      "471 users",
    ]) {
      expect(choosing).toContain(text);
    }
    expect(report).toContain("two-tower: it needs item features, the data has none");
    expect(report).toContain("470 users");
    const timed = { ...trainingExample, budget: { trials: 24, seeds: 3, minutes: 5 } };
    expect(createReport(factsOf({ training: timed }))).toContain("24 settings and 5 minutes");
  });

  test("tells the cost of pruning against the unpruned model, with its interval", () => {
    const pruning = /<section id="pruning".*?<\/section>/s.exec(report)![0];
    for (const text of [
      "200 neighbours per item",
      "−0.0008",
      "−0.0019 – +0.0003",
      "against the unpruned model",
    ]) {
      expect(pruning).toContain(text);
    }
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
    const rules = [{ rule: hostile, scope: "raw" as const, rowsBefore: 2, rowsAfter: 1, note: hostile }];
    const models = trainingExample.models.map((one) => ({ ...one, description: hostile }));
    const text = createReport(
      factsOf({
        dataset: { ...datasetExample, rules, notes: [hostile] },
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
      test: { "ndcg@10": { value: 0 } },
      validation: {},
    };
    const { pruning: _, ...training } = trainingExample;
    const alone = { ...training, chosen: "popularity", models: [bare], challenges: [], leftOut: [] };
    const text = createReport(factsOf({ training: alone }));
    expect(text).not.toContain("NaN");
    expect(text).not.toContain("undefined");
    expect(text).not.toContain('id="slices"');
    expect(text).not.toContain('id="pruning"');
    expect(text).not.toContain('id="choosing"');
    expect(text).not.toContain("Left out");
  });

  test.each(predictTasks)("tells the rows of %s: counts, columns, formulas, no lists", (task) => {
    const page = createReport<TaskName>(factsFrom<TaskName>(task));
    expect(page).toContain("1,200 rows");
    expect(page).toContain("1,500 rows");
    expect(page).toContain(`Signature ${task}, version 1`);
    expect(page).toContain("300 rows");
    expect(page).toContain("the target is <code>price</code>");
    expect(page).toContain("Lower is better");
    expect(page).toContain("region:north");
    expect(page).toContain(labels[task]);
    expect(page.match(/.{0,20}(undefined|\bNaN|users|catalogue).{0,20}/g)).toBeNull();
    expect(page).not.toContain('id="curves"');
  });
});

describe("createModelCard", () => {
  const card = createModelCard(factsOf(), { license: "mit" });

  test("opens with front matter of the hub", () => {
    expect(card).toMatch(/^---\nlicense: mit\nlibrary_name: onnx\ntags:\n {2}- recommendation\n/);
    expect(card).toMatch(/metrics:\n {10}- type: "ndcg@5"\n {12}value: 0\.\d+\n/);
    expect(createModelCard(factsOf())).toContain("license: unknown");
  });

  test("runs in ten lines, and names intervals, limits and what was left out", () => {
    const snippet = card
      .match(/```js\n([\s\S]*?)```/)![1]!
      .trim()
      .split("\n");
    expect(snippet).toHaveLength(10);
    expect(card).toContain("| nDCG@10 | 0.4134 | 0.4054 – 0.4214 | +0.2014 (+0.1954 – +0.2074) |");
    expect(card).toContain("| coverage@10 | 0.3900 | – | +0.1900 |".replace("coverage", "Coverage"));
    expect(card).toContain("up to 1,000 history entries");
    expect(card).toContain("10,000 to restrict the list to");
    expect(card).toContain("- two-tower: it needs item features, the data has none");
  });

  test("names what was measured and what is released", () => {
    expect(card).toContain("72,219 events of 590 users and 3,412 items");
    expect(card).toContain("90,274 events of 610 users and 3,650 items");
  });

  test("says what becomes of repeats", () => {
    expect(card).toContain("Items of the history never come back.");
    const keep = createModelCard(factsOf({ dataset: { ...datasetExample, repeats: "keep" } }));
    expect(keep).toContain("Items of the history may come back");
  });

  test.each(predictTasks)("is a card of %s, with its columns and counts", (task) => {
    const text = createModelCard<TaskName>(factsFrom<TaskName>(task));
    expect(text).toContain("`size` (number), `region` (category)");
    expect(text).toContain("1,200 rows");
    expect(text).toContain("1,500 rows");
    expect(text).toContain("`price`");
    expect(text).not.toMatch(/undefined|TARGET|history|catalogue/);
  });

  test("names no user", () => {
    expect(card).not.toMatch(/user-?id\b/i);
  });
});
