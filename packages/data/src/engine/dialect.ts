/**
 * What differs between SQL engines. Queries are portable text plus these members; an engine that is not here yet
 * (Spark) implements the same list in a sibling folder of `duckdb/`.
 */
import type { Sql } from "../sql/sql.ts";

/** A delimited text file. Columns go by position: names of a file never become names in SQL. */
export interface CsvSource {
  readonly format: "csv" | "tsv";
  readonly path: string;
  /** Columns in the file. */
  readonly columnCount: number;
  /** Which columns to read, in the order of `c0`, `c1`, … of the result. */
  readonly positions: readonly number[];
}

/** A file of one JSON object a line. */
export interface JsonSource {
  readonly format: "jsonl";
  readonly path: string;
  /** Keys to read, in the order of `c0`, `c1`, … of the result. A key that an object lacks is null. */
  readonly keys: readonly string[];
}

/** A Parquet file. */
export interface ParquetSource {
  readonly format: "parquet";
  readonly path: string;
  /** Columns to read, in the order of `c0`, `c1`, … of the result. */
  readonly names: readonly string[];
}

export type Source = CsvSource | JsonSource | ParquetSource;

export interface Dialect {
  readonly name: string;
  /** A text literal. */
  text(value: string): Sql;
  /** A column name with any characters, as an alias or a reference. */
  identifier(name: string): Sql;
  /** Text to a finite double, null when it is none. */
  toNumber(expression: Sql): Sql;
  /**
   * ISO 8601 text to epoch milliseconds, null when it is none: a date, or a date and a time behind `T` or a blank, with or
   * without seconds and their fraction. Zones are `Z`, `UTC` and offsets such as `+02:00`, `+0200` and `+02`; text without
   * one is UTC. Zones by name are none, since their rules change with the machine.
   */
  isoToEpochMs(expression: Sql): Sql;
  /** True for text that holds the character U+0000. */
  containsNul(expression: Sql): Sql;
  /**
   * Bucket of a text key: the first 32 bits of its md5, modulo `buckets`. The same number on every engine.
   *
   * @param buckets - `1 … 2^32`.
   */
  hashBucket(key: Sql, buckets: number): Sql;
  /** `row_id` (1 = first data row), `is_broken` (0 or 1) and `c0`, `c1`, … as text, in any order. */
  csvSource(source: CsvSource): Sql;
  /** As `csvSource`. Numbers and booleans come as their JSON text; a line that is no JSON object is broken, all its cells null. */
  jsonSource(source: JsonSource): Sql;
  /** As `csvSource`. */
  parquetSource(source: ParquetSource): Sql;
  /** All columns of a Parquet file with their own names and types. */
  parquetTable(path: string): Sql;
}
