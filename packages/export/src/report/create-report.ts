/** `report.html`: everything that was measured, in one file that opens offline and runs no script. */
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { chosenModel, type ReportFacts } from "./facts.ts";
import { type Html, html, rawHtml } from "./html.ts";
import { labelMetric } from "./metric-words.ts";
import { formatBytes, formatCount, formatRange, formatSigned, formatValue } from "./numbers.ts";
import { markParity, replaceMarked } from "./parity-mark.ts";
import { section } from "./parts.ts";
import { curvesSection } from "./sections/curves.ts";
import { dataSection } from "./sections/data.ts";
import { formulasSection } from "./sections/formulas.ts";
import { leaderboardSection } from "./sections/leaderboard.ts";
import { modelFileSection } from "./sections/model-file.ts";
import { paritySection } from "./sections/parity.ts";
import { pruningSection, searchSection } from "./sections/search.ts";
import { slicesSection } from "./sections/slices.ts";
import { style } from "./style.ts";

/** The page. Same facts, same bytes. */
export function createReport(facts: ReportFacts): string {
  const { manifest } = facts;
  const sections: readonly (readonly [id: string, title: string, content: Html | undefined])[] = [
    ["leaderboard", "Leaderboard", leaderboardSection(facts)],
    ["curves", "List length", curvesSection(facts)],
    ["slices", "Slices", slicesSection(facts)],
    ["search", "Hyperparameters", searchSection(facts)],
    ["pruning", "Pruning", pruningSection(facts)],
    ["data", "Data", dataSection(facts)],
    ["file", "Model file", modelFileSection(facts)],
    ["parity", "Parity", rawHtml(markParity(paritySection(manifest.parity).html))],
    ["formulas", "Formulas", formulasSection(facts)],
    ["origin", "Origin", originSection(facts)],
  ];
  const shown = sections.flatMap(([id, title, content]) => (content ? [{ id, title, content }] : []));
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
${header(facts)}
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
export function replaceReportParity(report: string, parity: ArtifactManifest["parity"]): string {
  return replaceMarked(report, paritySection(parity).html);
}

function header({ manifest, training, modelBytes }: ReportFacts): Html {
  const chosen = chosenModel(training);
  const label = labelMetric(training.metric);
  const value = chosen?.test[training.metric];
  const difference = chosen?.differenceToBaseline?.[training.metric];
  return html`<header><div class="wrap">
<p class="eyebrow">Attune model report</p>
<h1>${manifest.name} <small>version ${manifest.version}</small></h1>
<p class="summary">${manifest.model.description}</p>
<dl class="facts">
${value && html`<div><dt>${label}, test users</dt><dd>${formatValue(value.value)}<span>${formatRange(value)}</span></dd></div>`}
${difference && html`<div><dt>Against ${training.baseline}</dt><dd>${formatSigned(difference.value)}<span>${formatRange(difference, formatSigned)}</span></dd></div>`}
<div><dt>model.onnx</dt><dd>${formatBytes(modelBytes)}<span>${manifest.model.kind}</span></dd></div>
<div><dt>Catalogue</dt><dd>${formatCount(manifest.catalogue.items)}<span>items, ${formatCount(training.users.test)} users tested</span></dd></div>
</dl>
</div></header>`;
}

function originSection({ manifest, training }: ReportFacts): Html {
  const keys: readonly (readonly [string, string])[] = [
    ["Dataset key", manifest.data.key],
    ["Source sha256", manifest.data.sourceSha256],
    ["Training key", training.key],
    ["Seed", String(training.seed)],
    ...Object.entries(manifest.tools),
  ];
  return section(
    {
      id: "origin",
      title: "Where it comes from",
      lead: "Same source, same config, same seed: the same model, byte for byte.",
    },
    html`<dl class="keys">${keys.map(([name, value]) => html`<dt>${name}</dt><dd><code>${value}</code></dd>`)}</dl>`,
    html`<details><summary>The config</summary><pre tabindex="0">${JSON.stringify(manifest.config, null, 2)}</pre></details>`,
  );
}
