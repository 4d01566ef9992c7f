/** The keys by which the artifact can be made again. */
import type { AnyFacts } from "../facts.ts";
import { type Html, html } from "../html.ts";
import { section } from "../parts.ts";

export function originSection({ manifest, training }: AnyFacts): Html {
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
