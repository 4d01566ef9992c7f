/** The leaderboard as a table: every model's metrics with intervals, the chosen one marked. */
import type { Estimate, TrainingManifest } from "@attune/contracts/manifest";
import Table from "cli-table3";
import pc from "picocolors";
import { formatEstimate } from "./estimate.ts";

/** A model of the leaderboard as the commands print it: its figures on the test. */
export interface LeaderboardRow {
  readonly kind: string;
  readonly chosen: boolean;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, Estimate>>;
  /** The deciding metric minus the baseline's on the same units; absent on the baseline. */
  readonly differenceToBaseline?: Estimate;
  readonly fitMs: number;
  readonly bytes: number;
}

/** Best first by the deciding metric. */
export function leaderboardRows({ models, metric, better, chosen }: TrainingManifest): LeaderboardRow[] {
  const sign = better === "higher" ? -1 : 1;
  return models
    .map(({ kind, hyperparameters, test, differenceToBaseline, fitMs, bytes }) => {
      const difference = differenceToBaseline?.[metric];
      const row = { kind, chosen: kind === chosen, hyperparameters, metrics: test, fitMs, bytes };
      return difference === undefined ? row : { ...row, differenceToBaseline: difference };
    })
    .sort((a, b) => sign * ((a.metrics[metric]?.value ?? 0) - (b.metrics[metric]?.value ?? 0)));
}

function formatDifference(row: LeaderboardRow): string {
  const difference = row.differenceToBaseline;
  if (difference === undefined) return "baseline";
  return formatEstimate(difference, (value) => `${value >= 0 ? "+" : ""}${value.toFixed(4)}`);
}

/** The deciding metric and its companions at the same k. */
export function leaderboardTable(
  rows: readonly LeaderboardRow[],
  { metric, baseline, unit }: Pick<TrainingManifest, "metric" | "baseline" | "unit">,
): string {
  const k = metric.split("@")[1];
  const metrics = k === undefined ? [metric] : [...new Set([metric, `recall@${k}`])];
  const table = new Table({
    head: [`test ${unit}s`, ...metrics, `${metric} over ${baseline}`],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const row of rows) {
    const name = row.chosen ? pc.bold(pc.green(`${row.kind} (chosen)`)) : row.kind;
    const cells = metrics.map((column) => {
      const estimate = row.metrics[column];
      return estimate === undefined ? "" : formatEstimate(estimate);
    });
    table.push([name, ...cells, formatDifference(row)]);
  }
  return table.toString();
}
