/** Files of events to a clean, split dataset on disk, and back into memory. Layer 2; Node only. */

// Port of a SQL engine, and the one that is built in
export type {
  CsvSource,
  Dialect,
  JsonSource,
  ParquetSource,
  Source,
} from "./engine/dialect.ts";
export { duckdbEngine } from "./engine/duckdb/engine.ts";
export type {
  Column,
  ColumnBatch,
  ColumnType,
  Engine,
  EngineFactory,
  EngineOptions,
  SourceColumn,
} from "./engine/engine.ts";
// Load
export { type LoadOptions, loadDataset } from "./load.ts";
// Prepare
export { type PreparedDataset, type PrepareOptions, prepareDataset } from "./prepare.ts";
export type { OnPrepareEvent, PrepareEvent, PrepareStep } from "./prepare-event.ts";
// Look at a file
export { type SampledColumn, sampleEvents } from "./source/sample.ts";
// Queries
export { dialectSql, formatSql, type Sql, type SqlChunk } from "./sql/sql.ts";
