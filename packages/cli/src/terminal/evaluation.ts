/** Metrics of one released file as tables: all users, then by slice. */
import type { Estimate } from "@attune/contracts/manifest";
import Table from "cli-table3";
import type { Evaluation } from "../pipeline/evaluate.ts";

const thin = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

export function evaluationTable({ metrics, slices, catalogue }: Evaluation): string {
  const all = new Table({
    head: ["metric", "value", "95 % interval"],
    style: { head: [], border: [] },
    chars: thin,
  });
  for (const [name, { value, lower, upper }] of Object.entries(metrics)) {
    all.push([name, value.toFixed(4), `${lower.toFixed(4)} to ${upper.toFixed(4)}`]);
  }
  for (const [name, value] of Object.entries(catalogue)) all.push([name, value.toFixed(4), ""]);
  const names = Object.keys(metrics).filter((name) => name.startsWith("ndcg@"));
  const sliced = new Table({
    head: ["slice", "users", ...names],
    style: { head: [], border: [] },
    chars: thin,
  });
  for (const [name, slice] of Object.entries(slices)) {
    const figures: Readonly<Record<string, Estimate>> = slice.metrics;
    sliced.push([name, slice.users, ...names.map((metric) => formatValue(figures[metric]))]);
  }
  return `${all.toString()}\n${sliced.toString()}`;
}

function formatValue(estimate: Estimate | undefined): string {
  return estimate === undefined
    ? ""
    : `${estimate.value.toFixed(4)} [${estimate.lower.toFixed(4)}, ${estimate.upper.toFixed(4)}]`;
}
