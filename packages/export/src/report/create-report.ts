/** `report.html`: everything that was measured, in one file that opens offline and runs no script. */
import type { TaskName } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { type AnyFacts, chosenModel, type ReportFacts } from "./facts.ts";
import { type Html, html, rawHtml } from "./html.ts";
import { labelMetric } from "./metric-words.ts";
import { formatBytes, formatRange, formatSigned, formatValue } from "./numbers.ts";
import { replaceMarked } from "./parity-mark.ts";
import { paritySection } from "./sections/parity.ts";
import { style } from "./style.ts";
import type { ReportOfTask, Scope } from "./task/report-of-task.ts";
import { taskReports } from "./task/task-reports.ts";
import { unitsOf } from "./unit-words.ts";

/** The page. Same facts, same bytes. */
export function createReport<T extends TaskName>(facts: ReportFacts<T>): string {
  const { manifest } = facts;
  const report: ReportOfTask<T> = taskReports[manifest.task as T];
  const shown = report.sections.flatMap((section) => {
    const content = section.render(facts);
    return content === undefined ? [] : [{ ...section, content }];
  });
  const title = `${manifest.name}, version ${manifest.version}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Attune model report</title>
<style>
${rawHtml(style)}
</style>
</head>
<body>
${header(facts, report.scope(facts))}
<nav aria-label="Sections"><div class="wrap"><ul>${shown.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></div></nav>
<main class="wrap">
${shown.map(({ content }) => content)}
</main>
<footer><div class="wrap">Written by Attune with the artifact; the same figures are in <code>manifest.json</code>.</div></footer>
</body>
</html>
`.html;
}

/** The page with other parity figures. */
export function replaceReportParity(
  report: string,
  parity: ArtifactManifest["parity"],
  unverified: ArtifactManifest["unverified"],
): string {
  return replaceMarked(report, paritySection(parity, unverified).html);
}

function header({ manifest, training, modelBytes }: AnyFacts, scope: Scope): Html {
  const chosen = chosenModel(training);
  const label = labelMetric(training.metric);
  const value = chosen?.test[training.metric];
  const difference = chosen?.differenceToBaseline?.[training.metric];
  return html`<header><div class="wrap">
<p class="eyebrow">Attune model report</p>
<h1>${manifest.name} <small>version ${manifest.version}</small></h1>
<p class="summary">${manifest.model.description}</p>
<dl class="facts">
${value && html`<div><dt>${label}, test ${unitsOf(training.unit)}</dt><dd>${formatValue(value.value)}<span>${formatRange(value)}</span></dd></div>`}
${difference && html`<div><dt>Against ${training.baseline}</dt><dd>${formatSigned(difference.value)}<span>${formatRange(difference, formatSigned)}</span></dd></div>`}
<div><dt>model.onnx</dt><dd>${formatBytes(modelBytes)}<span>${manifest.model.kind}</span></dd></div>
<div><dt>${scope.title}</dt><dd>${scope.value}<span>${scope.note}</span></dd></div>
</dl>
</div></header>`;
}
