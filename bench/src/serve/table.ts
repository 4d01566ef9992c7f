/** What was measured, for people. */
import type { EngineSummary, ModelSummary } from "./summarize.ts";

const columns: readonly (readonly [title: string, cell: (summary: EngineSummary) => string])[] = [
  ["per second", ({ perSecond }) => perSecond.toFixed(0)],
  ["p50 ms", ({ p50Ms }) => p50Ms.toFixed(2)],
  ["p99 ms", ({ p99Ms }) => p99Ms.toFixed(2)],
  ["processor ms", ({ processorMsPerAnswer }) => processorMsPerAnswer?.toFixed(3) ?? "–"],
  ["idle MB", ({ idleMb }) => idleMb?.toFixed(0) ?? "–"],
  ["after MB", ({ afterMb }) => afterMb?.toFixed(0) ?? "–"],
];

/** One line an engine, then the ratios. */
export function tableOf(name: string, summary: ModelSummary): readonly string[] {
  const head = ["engine".padEnd(14), ...columns.map(([title]) => title.padStart(13))].join("");
  const rows = Object.entries(summary.engines).map(([engine, own]) => {
    const cells = columns.map(([, cell]) => cell(own).padStart(13));
    return [engine.padEnd(14), ...cells, own.form === undefined ? "" : `   ${own.form}`].join("");
  });
  const { ratioToBare, ratioToFastapi, ratioToMlserver, idleMemoryRatioToBare } = summary;
  const ratios = [
    `to bare ${ratioToBare ?? "–"}`,
    `to FastAPI ${ratioToFastapi ?? "–"}`,
    `to MLServer ${ratioToMlserver ?? "–"}`,
    `idle memory to bare ${idleMemoryRatioToBare ?? "–"}`,
  ];
  return [`${name}`, head, ...rows, `ratios: ${ratios.join(", ")}`].map((line, at) =>
    at === 0 ? line : `  ${line}`,
  );
}
