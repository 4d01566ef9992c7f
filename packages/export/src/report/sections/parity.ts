/** How far each runtime is from the trainer: the part of the report that `verify` fills in later. */
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { type Html, html } from "../html.ts";
import { formatCount, formatShare } from "../numbers.ts";
import { section, table } from "../parts.ts";

type Parity = NonNullable<ArtifactManifest["parity"]>;

export function paritySection(parity: Parity | undefined): Html {
  const options = { id: "parity", title: "Parity" };
  const results = Object.values(parity ?? {});
  if (results.length === 0) {
    return section({
      ...options,
      lead: html`Not verified yet. <code>attune verify</code> runs the golden rows in each runtime and writes the largest difference here.`,
    });
  }
  return section(
    {
      ...options,
      lead: "Each runtime answered the golden rows (golden.json); its answers are compared with those of the trainer’s own code.",
    },
    table(
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
    ),
  );
}
