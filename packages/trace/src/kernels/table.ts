/** docs/kernels.md, written from the kernel list. */
import type { Kernel } from "./define.ts";
import { kernelFamilies, kernels, refusedKernels } from "./index.ts";

/** The whole page as markdown. It changes only when the lists do. */
export function kernelsTable(): string {
  const sections = Object.entries(kernelFamilies).map(([family, entries]) => section(family, entries));
  return `# Kernels

What becomes of each kernel that tfjs code runs, its gradients and optimizers included, when \`@attune/trace\` traces it.
Written from the kernel list (\`pnpm generate:docs\`); a test holds each of the ${kernels.length} entries against tfjs's cpu
backend, forward and, where tfjs has a gradient, backward.

A kernel is what an op of tfjs calls: \`tf.matMul\` runs \`BatchMatMul\`. Ops that tfjs composes of others, such as
\`tf.losses.*\`, \`tf.moments\` or \`tf.linalg.qr\`, need no entry. *ONNX ops* are those that a kernel may write; which of them
it does hangs on dtypes, shapes and options, and passes over the whole graph join and drop nodes after that. A call with
another dtype is refused by name, and so are the kernels of the [last table](#refused).

${sections.join("\n\n")}

## Refused

These have no form in ONNX's opsets 17 to 21. A trace that meets them ends with one \`TRACE_UNSUPPORTED\`, which lists every
such call and its layer or node.

| kernel | reason |
|---|---|
${refusedKernels.map(({ kernel, reason }) => `| ${kernel} | ${reason} |`).join("\n")}
`;
}

function section(family: string, entries: readonly Kernel[]): string {
  const rows = entries.map(({ kernel, emits, dtypes, shapes, note = "" }) =>
    [kernel, emits.join(", ") || "–", dtypes.join(", "), shapes, note].map(cell).join(" | "),
  );
  const head = "| kernel | ONNX ops | dtypes | shapes | note |\n|---|---|---|---|---|";
  return `## ${family}\n\n${[head, ...rows.map((row) => `| ${row} |`)].join("\n")}`;
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
