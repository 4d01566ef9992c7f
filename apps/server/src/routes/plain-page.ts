/** The page at `/` where there is no demo for the model: which model answers, and where to ask it. */
import type { ArtifactManifest } from "@attune/contracts/manifest";

/**
 * @param manifest - of the model that answers; absent while it loads.
 * @param hint - a sentence of our own, as HTML.
 */
export function plainPage(manifest: ArtifactManifest | undefined, hint: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Attune scoring server</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}</style>
<h1>Attune scoring server</h1>
${manifest === undefined ? "<p>The model is loading, or cannot be served; readiness says which.</p>" : describe(manifest)}
${hint === "" ? "" : `<p>${hint}</p>\n`}<ul>
<li><a href="/docs">API documentation</a> and <a href="/openapi.json">openapi.json</a></li>
<li><a href="/v1/model">The model that answers</a></li>
<li><a href="/readyz">Readiness</a> and <a href="/metrics">metrics</a></li>
</ul>
</html>
`;
}

function describe({ task, name, version, inputs }: ArtifactManifest): string {
  const route = task === "recommend" ? "/v1/recommend" : "/v1/predict";
  const columns = inputs.map((column) => `<li>${escapeHtml(column.name)}: ${column.kind}</li>`).join("\n");
  return `<p>It serves <strong>${escapeHtml(name)}</strong>, version ${version}, a model of the task ${task}: ask it with
<code>POST ${route}</code>.</p>${columns === "" ? "" : `\n<p>Its columns:</p>\n<ul>\n${columns}\n</ul>`}`;
}

/** Names come from a user's data. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
