/** How far each runtime is from the trainer: the part of the report that `verify` fills in later. */
import type { ArtifactManifest, ParityResult } from "@attune/contracts/manifest";
import { type Html, html } from "../html.ts";
import { formatCount, formatShare } from "../numbers.ts";
import { labelUnverified } from "../parity-mark.ts";
import { section, table } from "../parts.ts";

export function paritySection(
  parity: ArtifactManifest["parity"],
  unverified: ArtifactManifest["unverified"],
): Html {
  const options = { id: "parity", title: "Parity" };
  const results = Object.values(parity ?? {});
  const leftOut = Object.entries(unverified ?? {});
  if (results.length + leftOut.length === 0) {
    return section({
      ...options,
      lead: html`Not verified yet. <code>attune verify</code> runs the golden rows in each runtime and writes the largest difference here.`,
    });
  }
  return section(
    {
      ...options,
      lead: "Each runtime answered the golden rows (golden.json: edge cases and made-up requests, none of them a person’s); its answers are compared with those of the trainer’s own code.",
    },
    results.length > 0 ? resultTable(results) : undefined,
    leftOut.length > 0
      ? html`<ul>${leftOut.map(([name, reason]) => html`<li>${labelUnverified(name)}: ${reason}</li>`)}</ul>`
      : undefined,
  );
}

function resultTable(results: readonly ParityResult[]): Html {
  return table(
    "Runtimes against the trainer",
    [
      { title: "Runtime" },
      { title: "Version" },
      { title: "Rows", numeric: true },
      { title: "Largest difference", numeric: true },
      { title: "Same answers", numeric: true },
    ],
    results.map(({ runtime, version, rows, maxAbs, sameAnswer }) => [
      html`<span class="model">${runtime}</span>`,
      html`${version}`,
      html`${formatCount(rows)}`,
      html`${maxAbs === 0 ? "0" : maxAbs.toExponential(1)}`,
      html`${formatShare(sameAnswer)}`,
    ]),
  );
}
