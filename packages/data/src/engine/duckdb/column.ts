/** DuckDB chunks to typed columns, through the public low-level bindings: no value is boxed but text. */

import { AttuneError } from "@attune/contracts";
import { type DuckDBDataChunk, DuckDBTypeId } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { Column, ColumnBatch, ColumnType } from "../engine.ts";

/** Column types the steps use, by DuckDB's type. */
const columnTypes = new Map<DuckDBTypeId, ColumnType>([
  [DuckDBTypeId.TINYINT, "int8"],
  [DuckDBTypeId.INTEGER, "int32"],
  [DuckDBTypeId.BIGINT, "int64"],
  [DuckDBTypeId.FLOAT, "float32"],
  [DuckDBTypeId.DOUBLE, "float64"],
  [DuckDBTypeId.VARCHAR, "text"],
]);

/** @throws {AttuneError} `DATA_ENGINE` for a type that no step uses. */
export function columnType(typeId: DuckDBTypeId, name: string): ColumnType {
  const type = columnTypes.get(typeId);
  if (type !== undefined) return type;
  throw new AttuneError("DATA_ENGINE", {
    step: "reading a result",
    reason: `column ${name} has the type ${DuckDBTypeId[typeId]}, which has no typed array here`,
  });
}

export function readBatch(chunk: DuckDBDataChunk, types: readonly ColumnType[]): ColumnBatch {
  return {
    rowCount: chunk.rowCount,
    columns: types.map((type, index) => readColumn(chunk, index, type)),
  };
}

function readColumn(chunk: DuckDBDataChunk, index: number, type: ColumnType): Column {
  if (type === "text") {
    return {
      type,
      data: chunk.getColumnValues(index).map((value) => (value === null ? undefined : String(value))),
    };
  }
  const count = chunk.rowCount;
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, index);
  // The binding answers null for a column without nulls, which its type does not say.
  const mask = duckdb.vector_get_validity(vector, Math.ceil(count / 64) * 8) as Uint8Array | null;
  const validity = mask ?? undefined;
  const bytes = (size: number) => duckdb.vector_get_data(vector, count * size);
  switch (type) {
    case "int8": {
      const { buffer, byteOffset } = bytes(1);
      return { type, data: new Int8Array(buffer, byteOffset, count), validity };
    }
    case "int32": {
      const { buffer, byteOffset } = bytes(4);
      return { type, data: new Int32Array(buffer, byteOffset, count), validity };
    }
    case "int64": {
      const { buffer, byteOffset } = bytes(8);
      return { type, data: new BigInt64Array(buffer, byteOffset, count), validity };
    }
    case "float32": {
      const { buffer, byteOffset } = bytes(4);
      return { type, data: new Float32Array(buffer, byteOffset, count), validity };
    }
    case "float64": {
      const { buffer, byteOffset } = bytes(8);
      return { type, data: new Float64Array(buffer, byteOffset, count), validity };
    }
  }
}
