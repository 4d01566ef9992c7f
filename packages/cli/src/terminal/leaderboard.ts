/** The leaderboard as a table: every model's metrics with intervals, the chosen one marked. */
import type { Estimate, LeaderboardRow } from "@attune/contracts/manifest";
import Table from "cli-table3";
import pc from "picocolors";

function formatEstimate({ value, lower, upper }: Estimate): string {
  return `${value.toFixed(4)} [${lower.toFixed(4)}, ${upper.toFixed(4)}]`;
}

function formatDifference(row: LeaderboardRow): string {
  const difference = row.differenceToBaseline;
  if (difference === undefined) return "baseline";
  const sign = difference.value >= 0 ? "+" : "";
  return `${sign}${difference.value.toFixed(4)} [${difference.lower.toFixed(4)}, ${difference.upper.toFixed(4)}]`;
}

/** @param metrics - which columns to show, `["ndcg@10", "recall@10"]`. */
export function leaderboardTable(
  rows: readonly LeaderboardRow[],
  metrics: readonly string[],
  decisive: string,
): string {
  const table = new Table({
    head: ["model", ...metrics, `${decisive} against popularity`],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const row of rows) {
    const name = row.chosen ? pc.bold(pc.green(`${row.kind} ◀ chosen`)) : row.kind;
    const cells = metrics.map((metric) => {
      const estimate = row.metrics[metric];
      return estimate === undefined ? "" : formatEstimate(estimate);
    });
    table.push([name, ...cells, formatDifference(row)]);
  }
  return table.toString();
}
