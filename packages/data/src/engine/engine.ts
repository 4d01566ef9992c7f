/**
 * The port between the steps and a SQL engine: tables by name, queries as values, results as typed columns.
 * Steps hold no other handle on the engine.
 */
import type { Sql } from "../sql/sql.ts";
import type { Dialect, Source } from "./dialect.ts";

/** Values of one column in one batch. Numeric arrays are views that are valid until the next batch: copy them. */
export type Column =
  | { readonly type: "int8"; readonly data: Int8Array; readonly validity: Uint8Array | undefined }
  | { readonly type: "int32"; readonly data: Int32Array; readonly validity: Uint8Array | undefined }
  | { readonly type: "int64"; readonly data: BigInt64Array; readonly validity: Uint8Array | undefined }
  | { readonly type: "float32"; readonly data: Float32Array; readonly validity: Uint8Array | undefined }
  | { readonly type: "float64"; readonly data: Float64Array; readonly validity: Uint8Array | undefined }
  | { readonly type: "text"; readonly data: readonly (string | undefined)[] };

export type ColumnType = Column["type"];

/** Some rows of a result, by column. `validity` has one bit a row, lowest first; absent means no nulls. */
export interface ColumnBatch {
  readonly rowCount: number;
  readonly columns: readonly Column[];
}

/** A column of a file with its own schema. */
export interface SourceColumn {
  readonly name: string;
  /** True for dates and timestamps, whose text form is ISO 8601. */
  readonly isTime: boolean;
}

export interface Engine {
  readonly dialect: Dialect;
  /** The folder for temporary files, from the options. */
  readonly tempDir: string;
  /**
   * Columns of a Parquet file.
   *
   * @throws {AttuneError} `DATA_MALFORMED`
   */
  describeParquet(path: string): Promise<readonly SourceColumn[]>;
  /**
   * Reads a file into a table of text: `row_id`, `is_broken`, `c0`, `c1`, …
   *
   * @returns rows read.
   * @throws {AttuneError} `DATA_MALFORMED` when the file is broken.
   */
  importFile(name: string, source: Source): Promise<number>;
  /** Runs a query and keeps its rows as a table. @returns rows kept. */
  materialize(name: string, query: Sql): Promise<number>;
  /** Frees a table. */
  discard(name: string): Promise<void>;
  /** Writes rows, in the query's order, to one Parquet file. The same rows give the same bytes. */
  write(path: string, query: Sql): Promise<void>;
  /** Rows in the query's order, without boxing. */
  stream(query: Sql): AsyncIterable<ColumnBatch>;
  /** Ends the engine; its temporary files are gone. */
  close(): Promise<void>;
}

export interface EngineOptions {
  /** An existing folder for temporary files. */
  readonly tempDir: string;
  /** Bytes of memory before the engine spills to `tempDir`. */
  readonly memoryLimitBytes: number;
  /** Default: the engine's own choice. */
  readonly threads?: number;
}

/** A kind of engine. Name and version go into the manifest and the content key. */
export interface EngineFactory {
  readonly name: string;
  readonly version: string;
  open(options: EngineOptions): Promise<Engine>;
}
