/** Small results as plain rows. For counts and lists of problems; events never pass here. */
import type { Sql } from "../sql/sql.ts";
import type { Column, Engine } from "./engine.ts";

export type Cell = string | number | undefined;

/** Every row of a small result, cells in the query's order. 64-bit integers become numbers. */
export async function readRows(engine: Engine, query: Sql): Promise<Cell[][]> {
  const rows: Cell[][] = [];
  for await (const batch of engine.stream(query)) {
    for (let row = 0; row < batch.rowCount; row++) {
      rows.push(batch.columns.map((column) => readCell(column, row)));
    }
  }
  return rows;
}

/** The numbers of a one-row result; null is NaN. */
export async function readNumbers(engine: Engine, query: Sql): Promise<number[]> {
  const [row = []] = await readRows(engine, query);
  return row.map((cell) => (cell === undefined ? Number.NaN : Number(cell)));
}

function readCell(column: Column, row: number): Cell {
  if (column.type === "text") return column.data[row];
  const isNull = column.validity !== undefined && (column.validity[row >> 3]! & (1 << (row & 7))) === 0;
  return isNull ? undefined : Number(column.data[row]);
}
