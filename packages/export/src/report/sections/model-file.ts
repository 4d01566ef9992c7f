/** What is in `model.onnx`, and what it takes and gives. */
import type { AnyFacts } from "../facts.ts";
import { type Html, html } from "../html.ts";
import { formatBytes } from "../numbers.ts";
import { details, section, shareCell, table } from "../parts.ts";

/** @param limits - one sentence on what a request may ask; nothing where the graph sets no limit. */
export function modelFileSection({ manifest, size, modelBytes }: AnyFacts, limits?: string): Html {
  const { signature, opset, ops, task } = manifest;
  const parts = size.toSorted((a, b) => b.bytes - a.bytes);
  const total = parts.reduce((sum, part) => sum + part.bytes, 0);
  const opsets = Object.entries(opset).map(([domain, version]) => `${domain || "ai.onnx"} ${version}`);
  const values = [
    ...signature.inputs.map((value) => ({ ...value, direction: "input" })),
    ...signature.outputs.map((value) => ({ ...value, direction: "output" })),
  ];
  return section(
    {
      id: "file",
      title: "The model file",
      lead: html`<code>model.onnx</code> has ${formatBytes(modelBytes)}: preprocessing, model and what comes after it in one graph. Any ONNX Runtime serves it (${opsets.join(", ")}).`,
    },
    table(
      "Size by part",
      [{ title: "Part" }, { title: "Bytes", numeric: true }, { title: "Share" }],
      parts.map(({ name, bytes }) => [html`${name}`, html`${formatBytes(bytes)}`, shareCell(bytes / total)]),
    ),
    table(
      `Signature ${task}, version ${signature.version}`,
      [{ title: "Name" }, { title: "Direction" }, { title: "Type" }, { title: "Shape" }],
      values.map(({ name, direction, dtype, dims }) => [
        html`<code>${name}</code>`,
        html`${direction}`,
        html`${dtype}`,
        html`[${dims.join(", ")}]`,
      ]),
    ),
    limits === undefined ? undefined : html`<p>${limits}</p>`,
    details(`The ${ops.length} kinds of operator it uses`, html`<p>${ops.join(", ")}</p>`),
  );
}
