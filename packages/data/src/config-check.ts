/** What the schema of the data config cannot say: settings that need another setting, columns mapped twice. */
import { AttuneError } from "@attune/contracts";
import type { RecommendDataConfig, SplitConfig } from "@attune/contracts/config";

/** Ratings and event weights beyond this are refused: no product of them leaves what a double tells apart. */
export const largestMagnitude = 1e12;

/**
 * @throws {AttuneError} `CONFIG_INVALID` with every setting that lacks what it needs or contradicts another,
 * `DATA_DUPLICATE_MAPPING` with every column that is mapped twice.
 */
export function checkDataConfig(data: RecommendDataConfig): void {
  const issues = [
    ...checkNeeds(data),
    ...checkSplit(data.split, data.events.path),
    ...checkNames("data.items.show", data.items?.show ?? [], ["id", "title"]),
    ...checkNames("data.items.features", Object.keys(data.items?.features ?? {}), []),
    ...checkNames("data.users.features", Object.keys(data.users?.features ?? {}), []),
  ];
  if (issues.length > 0) throw new AttuneError("CONFIG_INVALID", { source: "the data config", issues });
  for (const [path, uses] of columnUses(data)) refuseDuplicates(path, uses);
}

function checkNeeds({ events, rules, split }: RecommendDataConfig): string[] {
  const { rating, time, type } = events.columns;
  const needs = [
    [rules.minRating !== undefined, "rules.minRating", "rating", rating],
    [rules.weightByRating, "rules.weightByRating", "rating", rating],
    [rules.eventWeights !== undefined, "rules.eventWeights", "type", type],
    [rules.halfLifeDays !== undefined, "rules.halfLifeDays", "time", time],
    [split?.kind === "global-time", "split.kind global-time", "time", time],
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

function checkSplit(split: SplitConfig | undefined, eventsPath: string): string[] {
  if (split?.kind === "global-time") return checkInstants(split);
  return split?.kind === "given" ? checkGiven(split, eventsPath) : [];
}

function checkInstants({
  validationFrom,
  testFrom,
}: Extract<SplitConfig, { kind: "global-time" }>): string[] {
  if (validationFrom === undefined && testFrom === undefined) return [];
  if (validationFrom === undefined) return ["data.split.testFrom: needs data.split.validationFrom"];
  if (testFrom === undefined) return ["data.split.validationFrom: needs data.split.testFrom"];
  if (Date.parse(validationFrom) < Date.parse(testFrom)) return [];
  return ["data.split.testFrom: must be later than data.split.validationFrom"];
}

function checkGiven(split: Extract<SplitConfig, { kind: "given" }>, eventsPath: string): string[] {
  const { column, validationFile, testFile, carve } = split;
  const issues: string[] = [];
  const files = [
    ["data.split.validationFile", validationFile],
    ["data.split.testFile", testFile],
  ] as const;
  if (column !== undefined) {
    for (const [setting, file] of files) {
      if (file !== undefined)
        issues.push(`${setting}: a column says the roles already; give one or the other`);
    }
    return issues;
  }
  if (testFile === undefined) issues.push("data.split.testFile: needed, or data.split.column");
  if (validationFile === undefined && carve === undefined) {
    issues.push("data.split.validationFile: needed, or data.split.carve, the share of train to take for it");
  }
  if (validationFile !== undefined && carve !== undefined) {
    issues.push("data.split.carve: data.split.validationFile has the validation rows already");
  }
  const taken = new Map([[eventsPath, "data.events.path"]]);
  for (const [setting, file] of files) {
    if (file === undefined) continue;
    const other = taken.get(file);
    if (other !== undefined) issues.push(`${setting}: ${file} is ${other} too`);
    taken.set(file, setting);
  }
  return issues;
}

/** Names of stored columns differ in more than case, since SQL names do not. */
function checkNames(setting: string, names: readonly string[], taken: readonly string[]): string[] {
  const seen = new Map(taken.map((name) => [name, name]));
  const issues: string[] = [];
  for (const column of names) {
    const other = seen.get(column.toLowerCase());
    // The very same column twice is a mapping error, told with the others of its kind.
    if (other !== undefined && (other !== column || taken.includes(column))) {
      issues.push(`${setting}: "${column}" is taken; rename it in the file`);
    }
    seen.set(column.toLowerCase(), column);
  }
  return issues;
}

type ColumnUse = readonly [column: string | undefined, use: string];

/**
 * What each file's columns are used for. A column may be shown and be a feature too; an id is never a feature, since
 * it would be learned by heart.
 */
function columnUses({ events, items, users, split }: RecommendDataConfig): [path: string, ColumnUse[]][] {
  const uses = (columns: Readonly<Record<string, string | undefined>>) =>
    Object.entries(columns).map(([role, column]): ColumnUse => [column, role]);
  const idFeature = (features: object, id: string): ColumnUse[] => (id in features ? [[id, "feature"]] : []);
  return [
    [events.path, [...uses(events.columns), [split?.kind === "given" ? split.column : undefined, "split"]]],
    [
      items?.path ?? "",
      items === undefined
        ? []
        : [
            ...uses(items.columns),
            ...items.show.map((column): ColumnUse => [column, "show"]),
            ...idFeature(items.features, items.columns.item),
          ],
    ],
    [
      users?.path ?? "",
      users === undefined ? [] : [...uses(users.columns), ...idFeature(users.features, users.columns.user)],
    ],
  ];
}

function refuseDuplicates(path: string, uses: readonly ColumnUse[]): void {
  const byColumn = new Map<string, string[]>();
  for (const [column, use] of uses) {
    if (column !== undefined) byColumn.set(column, [...(byColumn.get(column) ?? []), use]);
  }
  const twice = [...byColumn].filter(([, names]) => names.length > 1);
  if (twice.length === 0) return;
  const list = twice.map(([column, names]) => `${column}: ${names.join(" and ")}`);
  throw new AttuneError("DATA_DUPLICATE_MAPPING", { path, columns: list });
}
