/** docs/ops.md, written from the op list. */
import type { AttributeDefinition, OpDefinition, Parameter } from "./define.ts";
import { opFamilies, opsetRange } from "./index.ts";

/** The whole page as markdown. It changes only when the list does. */
export function opsTable(): string {
  const { "": onnx, "ai.onnx.ml": ml } = opsetRange;
  const sections = Object.entries(opFamilies).map(([family, entries]) => section(family, entries));
  return `# Ops

Every op that Attune can write, and the only ops in a model that Attune will load. Written from the op list of
\`@attune/onnx\`; a test keeps the two equal.

Opsets: ai.onnx ${onnx.min} to ${onnx.max}, ai.onnx.ml ${ml.min} to ${ml.max}. *Opset* is where an op has had this form
since; a second row of the same op is an older form. Dtypes are those that ONNX allows and ONNX Runtime computes on
the CPU. \`?\` marks an optional input or output, \`…\` one that may repeat, \`each\` in another dtype.

${sections.join("\n\n")}
`;
}

function section(family: string, entries: readonly OpDefinition[]): string {
  const head = "| op | opset | inputs | outputs | dtypes | attributes |\n|---|---|---|---|---|---|";
  const rows = entries.map((entry) =>
    [
      `| ${entry.op}`,
      opsetText(entry),
      entry.inputs.map(parameterText).join(", ") || "–",
      entry.outputs.map(parameterText).join(", "),
      typesText(entry),
      attributesText(entry.attributes),
    ].join(" | "),
  );
  return `## ${family}\n\n${[head, ...rows.map((row) => `${row} |`)].join("\n")}`;
}

function opsetText({ since, until }: OpDefinition): string {
  return until === undefined ? `${since}` : `${since}–${until}`;
}

function parameterText({ name, type, optional, variadic, mixed }: Parameter): string {
  return `${name}${variadic ? "…" : ""}${optional ? "?" : ""}: ${mixed ? "each " : ""}${type}`;
}

function typesText({ types, inputs, outputs }: OpDefinition): string {
  const used = new Set([...inputs, ...outputs].map(({ type }) => type));
  const texts = Object.entries(types)
    .filter(([variable]) => used.has(variable))
    .map(([variable, dtypes]) => `${variable}: ${dtypes.join(", ")}`);
  return texts.join("; ") || "–";
}

function attributesText(attributes: Readonly<Record<string, AttributeDefinition>>): string {
  const texts = Object.entries(attributes).map(([name, { type, default: fallback, required, oneOf }]) => {
    const kind = oneOf ? oneOf.map((value) => `"${value}"`).join(" or ") : type;
    return `${name}${required ? "" : "?"}: ${kind}${fallback === undefined ? "" : ` = ${JSON.stringify(fallback)}`}`;
  });
  return texts.map((text) => `\`${text}\``).join(", ") || "–";
}
