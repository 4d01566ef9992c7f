/** DuckDB's side of the dialect. The only file with DuckDB-flavoured SQL. */
import { dialectSql, formatSql, type Sql } from "../../sql/sql.ts";
import type { Dialect } from "../dialect.ts";

const quoteText = (value: string) => `'${value.replaceAll("'", "''")}'`;
const quoteName = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** A path literal; DuckDB would read `*`, `?` and `[` as a pattern. */
const quotePath = (path: string) => quoteText(path.replace(/[*?[]/g, "[$&]"));

const dialect = (strings: TemplateStringsArray, ...values: readonly (Sql | string | number)[]): Sql =>
  dialectSql(
    String.raw(
      { raw: strings },
      ...values.map((value) => (typeof value === "object" ? formatSql(value) : value)),
    ),
  );

export const duckdbDialect: Dialect = {
  name: "duckdb",
  text: (value) => dialectSql(quoteText(value)),
  identifier: (name) => dialectSql(quoteName(name)),
  // DuckDB reads 1_000 as a number, and orders NaN above everything.
  toNumber: (expression) =>
    dialect`(case when ${expression} not like '%!_%' escape '!' and abs(try_cast(${expression} as double)) <= 1.7976931348623157e308 then try_cast(${expression} as double) end)`,
  // The pattern keeps out words such as 'epoch' and 'infinity', which a cast accepts.
  isoToEpochMs: (expression) =>
    dialect`(case when ${expression} like '____-__-__%' then epoch_ms(try_cast(${expression} as timestamptz)) end)`,
  containsNul: (expression) => dialect`(strpos(${expression}, chr(0)) > 0)`,
  hashBucket: (key, buckets) => dialect`(cast('0x' || substr(md5(${key}), 1, 8) as bigint) % ${buckets})`,
  csvSource: ({ path, format, columnCount, positions }) => {
    const columns = Array.from({ length: columnCount }, (_, index) => `f${index}: 'varchar'`).join(", ");
    const selected = positions.map((position, index) => `, f${position} as c${index}`).join("");
    const delimiter = format === "tsv" ? "\t" : ",";
    return dialect`select row_number() over () as row_id${selected} from read_csv(${quotePath(path)}, auto_detect = false, header = true, delim = '${delimiter}', quote = '"', escape = '"', strict_mode = true, null_padding = false, columns = {${columns}})`;
  },
  jsonSource: ({ path, keys }) => {
    // JSON pointers (RFC 6901): "~" and "/" are escaped.
    const pointers = keys.map((key) => quoteText(`/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`));
    const selected = keys.map((_, index) => `, v[${index + 1}] as c${index}`).join("");
    return dialect`select row_id${selected} from (select row_number() over () as row_id, json_extract_string(json, [${pointers.join(", ")}]) as v from read_ndjson_objects(${quotePath(path)}, maximum_object_size = 67108864))`;
  },
  parquetSource: ({ path, names }) => {
    const selected = names
      .map((name, index) => `, cast(${quoteName(name)} as varchar) as c${index}`)
      .join("");
    return dialect`select file_row_number + 1 as row_id${selected} from read_parquet(${quotePath(path)}, binary_as_string = true, file_row_number = true)`;
  },
  parquetTable: (path) => dialect`select * from read_parquet(${quotePath(path)}, binary_as_string = true)`,
};
