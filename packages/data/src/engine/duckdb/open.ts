/** DuckDB as the engine: tables in memory, spilled to the temporary folder past the limit. */
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { formatSql, type Sql } from "../../sql/sql.ts";
import type { Source } from "../dialect.ts";
import type { ColumnBatch, Engine, EngineOptions, SourceColumn } from "../engine.ts";
import { columnType, readBatch } from "./column.ts";
import { duckdbDialect } from "./dialect.ts";
import { engineFailure, sourceFailure } from "./failure.ts";

/** @throws {AttuneError} `DATA_ENGINE` and what `engineFailure` makes of DuckDB's own errors. */
export async function openDuckdb(options: EngineOptions): Promise<Engine> {
  const { tempDir, memoryLimitBytes, threads } = options;
  try {
    const instance = await DuckDBInstance.create(":memory:", {
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      memory_limit: `${Math.floor(memoryLimitBytes / 1e6)}MB`,
      temp_directory: join(tempDir, "spill"),
      ...(threads === undefined ? {} : { threads: String(threads) }),
    });
    const connection = await instance.connect();
    await connection.run("set TimeZone = 'UTC'");
    return createEngine(instance, connection, tempDir);
  } catch (cause) {
    throw engineFailure(cause, "starting DuckDB", tempDir);
  }
}

/** The query that reads a source as `row_id, c0, c1, …`. */
function sourceQuery(source: Source): Sql {
  if (source.format === "jsonl") return duckdbDialect.jsonSource(source);
  if (source.format === "parquet") return duckdbDialect.parquetSource(source);
  return duckdbDialect.csvSource(source);
}

/** `create table … as`; the one cell of its result is the row count. */
async function createTable(connection: DuckDBConnection, name: string, query: Sql): Promise<number> {
  const result = await connection.run(`create or replace table ${name} as ${formatSql(query)}`);
  const [[count] = []] = await result.getRows();
  return Number(count);
}

async function describe(connection: DuckDBConnection, path: string): Promise<SourceColumn[]> {
  const result = await connection.run(`describe ${formatSql(duckdbDialect.parquetTable(path))}`);
  const rows = await result.getRows();
  return rows.map(([name, type]) => ({ name: String(name), isTime: /^(TIMESTAMP|DATE)/.test(String(type)) }));
}

function createEngine(instance: DuckDBInstance, connection: DuckDBConnection, tempDir: string): Engine {
  const attempt = async <T>(work: Promise<T>, step: string, path = tempDir): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      throw engineFailure(cause, step, path);
    }
  };
  const attemptSource = async <T>(work: Promise<T>, source: Source): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      throw sourceFailure(cause, source, tempDir);
    }
  };
  return {
    dialect: duckdbDialect,
    tempDir,
    describeParquet: (path) =>
      attemptSource(describe(connection, path), { format: "parquet", path, names: [] }),
    importFile: (name, source) => attemptSource(createTable(connection, name, sourceQuery(source)), source),
    materialize: (name, query) => attempt(createTable(connection, name, query), `building ${name}`),
    async discard(name) {
      await attempt(connection.run(`drop table if exists ${name}`), `dropping ${name}`);
    },
    async write(path, query) {
      const target = formatSql(duckdbDialect.text(path));
      const copy = `copy (${formatSql(query)}) to ${target} (format parquet, compression zstd, row_group_size 122880)`;
      await attempt(connection.run(copy), `writing ${path}`, path);
    },
    stream: (query) => streamBatches(connection, query, tempDir),
    async close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function* streamBatches(
  connection: DuckDBConnection,
  query: Sql,
  tempDir: string,
): AsyncGenerator<ColumnBatch> {
  try {
    const result = await connection.stream(formatSql(query));
    const names = result.columnNames();
    const types = names.map((name, index) => columnType(result.columnTypeId(index), name));
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      yield readBatch(chunk, types);
    }
  } catch (cause) {
    throw engineFailure(cause, "reading a result", tempDir);
  }
}
