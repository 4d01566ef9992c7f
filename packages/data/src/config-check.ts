/** What the schema of the data config cannot say: settings that need another setting, columns mapped twice. */
import { AttuneError } from "@attune/contracts";
import type { DataConfig } from "@attune/contracts/config";

/** Ratings and event weights beyond this are refused, so that sums of weights are exact decimals. */
export const largestMagnitude = 1e12;

/**
 * @throws {AttuneError} `CONFIG_INVALID` with every setting that lacks what it needs,
 * `DATA_DUPLICATE_MAPPING` with every column that is mapped twice.
 */
export function checkDataConfig(data: DataConfig): void {
  const issues = [...checkNeeds(data), ...checkItemColumns(data)];
  if (issues.length > 0) throw new AttuneError("CONFIG_INVALID", { source: "the data config", issues });
  refuseDuplicates(data.events.path, data.events.columns);
  if (data.items) refuseDuplicates(data.items.path, data.items.columns);
}

function checkNeeds({ events, rules, split }: DataConfig): string[] {
  const { rating, time, type } = events.columns;
  const needs = [
    [rules.minRating !== undefined, "rules.minRating", "rating", rating],
    [rules.weightByRating, "rules.weightByRating", "rating", rating],
    [rules.eventWeights !== undefined, "rules.eventWeights", "type", type],
    [rules.halfLifeDays !== undefined, "rules.halfLifeDays", "time", time],
    [split.kind === "global-time", "split.kind global-time", "time", time],
  ] as const;
  const issues: string[] = needs
    .filter(([isAsked, , , column]) => isAsked && column === undefined)
    .map(([, setting, role]) => `data.${setting}: needs a column for data.events.columns.${role}`);
  for (const [type, weight] of Object.entries(rules.eventWeights ?? {})) {
    if (weight > largestMagnitude)
      issues.push(`data.rules.eventWeights.${type}: at most ${largestMagnitude}`);
  }
  return issues;
}

/** Columns of items.parquet differ in more than case, since SQL names do not. */
function checkItemColumns({ items }: DataConfig): string[] {
  const seen = new Set(["id", "title", "item_index", "item_id"]);
  const issues: string[] = [];
  for (const [index, column] of (items?.extra ?? []).entries()) {
    const name = column.toLowerCase();
    if (seen.has(name))
      issues.push(`data.items.extra[${index}]: "${column}" is taken; rename it in the file`);
    seen.add(name);
  }
  return issues;
}

function refuseDuplicates(path: string, columns: Readonly<Record<string, string | undefined>>): void {
  const roles = new Map<string, string[]>();
  for (const [role, column] of Object.entries(columns)) {
    if (column !== undefined) roles.set(column, [...(roles.get(column) ?? []), role]);
  }
  const twice = [...roles].filter(([, names]) => names.length > 1);
  if (twice.length === 0) return;
  const list = twice.map(([column, names]) => `${column}: ${names.join(" and ")}`);
  throw new AttuneError("DATA_DUPLICATE_MAPPING", { path, columns: list });
}
