/** Which rows a stage may see, and which units a split has. */
import { eventRole, schemaOf, type TabularData, takeColumn, takeRows } from "@attune/contracts";
import type { FeatureSchema, JudgedSplit, RowData, RowShape, Stage } from "../task.ts";

const fitRoles: Readonly<Record<Stage, ReadonlySet<number>>> = {
  search: new Set([eventRole.train]),
  refit: new Set([eventRole.train, eventRole.validation]),
  release: new Set(Object.values(eventRole)),
};

/** Rows of some roles, rising. */
function rowsOf(data: TabularData, roles: ReadonlySet<number>): Int32Array {
  return Int32Array.from(data.roles.keys()).filter((row) => roles.has(data.roles[row]!));
}

/** What may be fitted at a stage. */
export function selectRows(data: TabularData, stage: Stage, levels?: readonly string[]): RowData {
  const rows = rowsOf(data, fitRoles[stage]);
  return {
    table: takeRows(data.table, rows),
    target: takeColumn(data.target, rows),
    ...(data.groups && { groups: Int32Array.from(rows, (row) => data.groups![row]!) }),
    ...(levels && { levels }),
  };
}

/** A split's units, rising: groups where rows belong together, else rows. */
export function rowUnits(data: TabularData, split: JudgedSplit): Int32Array {
  const rows = rowsOf(data, new Set([eventRole[split]]));
  const { groups } = data;
  return groups === undefined ? rows : Int32Array.from(new Set(rows.map((row) => groups[row]!))).sort();
}

/** The split's rows of some units, and each row's place among them. */
export function rowsOfUnits(
  data: TabularData,
  split: JudgedSplit,
  units: Int32Array,
): { readonly rows: Int32Array; readonly unitOf: Int32Array } {
  const placeOf = new Map(Array.from(units, (unit, place) => [unit, place]));
  const unit = (row: number) => data.groups?.[row] ?? row;
  const rows = rowsOf(data, new Set([eventRole[split]])).filter((row) => placeOf.has(unit(row)));
  return { rows, unitOf: rows.map((row) => placeOf.get(unit(row))!) };
}

export function measureRows({ table, target }: RowData): RowShape {
  return {
    rowCount: table.rowCount,
    columns: schemaOf(table),
    classCount: "levels" in target ? target.levels.length : 0,
  };
}

export function schemaOfRows({ table, target, levels = [] }: RowData): FeatureSchema {
  const columns = schemaOf(table);
  return { columns, classes: "levels" in target ? target.levels : [], levels };
}
