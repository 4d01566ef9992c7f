/** Files of events to a clean, split dataset on disk, and back into memory. Layer 2; Node only. */

// An older Node is refused before anything else loads.
import "@attune/store/require-node";

// Look at rows that cannot be used
export type { BadRowKind } from "./bad-rows/kinds.ts";
export type { BadRowCount, BadRowExample, BadRowReport } from "./bad-rows/report.ts";
export { type CheckOptions, checkEvents } from "./check-events.ts";
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
// Queries
export { dialectSql, formatSql, type Sql, type SqlChunk } from "./sql/sql.ts";
// Look at a file before there is a config
export type { CoreOptions, CoreSurvey } from "./survey/core.ts";
export { mostTypes, type TypeSurvey } from "./survey/event-types.ts";
export type { ColumnSurvey, ItemsInput, ItemsSurvey, Separator } from "./survey/items.ts";
export { type EventsSurvey, openSurvey } from "./survey/open-survey.ts";
export type { RatingSurvey } from "./survey/ratings.ts";
export { type FileSample, type SampledColumn, sampleFile } from "./survey/sample.ts";
export type { TimeForm, TimeSurvey } from "./survey/times.ts";
