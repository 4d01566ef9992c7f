/** Metrics of one released file as tables: all users, then by slice. */
import type { Estimate } from "@attune/contracts/manifest";
import type { EvaluationSummary } from "@attune/metrics";
import Table from "cli-table3";
import { formatEstimate, formatInterval } from "./estimate.ts";

/** What ranking the test users found. */
export interface Evaluation extends EvaluationSummary {
  /** `"coverage@10"`, `"novelty@10"` → figure. */
  readonly catalogue: Readonly<Record<string, number>>;
}

const thin = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

export function evaluationTable({ metrics, slices, catalogue }: Evaluation): string {
  const all = new Table({
    head: ["metric", "value", "95 % interval"],
    style: { head: [], border: [] },
    chars: thin,
  });
  for (const [name, estimate] of Object.entries(metrics)) {
    all.push([name, estimate.value.toFixed(4), formatInterval(estimate, " to ")]);
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
  return estimate === undefined ? "" : formatEstimate(estimate);
}
