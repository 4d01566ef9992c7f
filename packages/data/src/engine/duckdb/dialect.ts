/** DuckDB's side of the dialect. The only file with DuckDB-flavoured SQL. */
import { dialectSql, formatSql, type Sql } from "../../sql/sql.ts";
import type { Dialect } from "../dialect.ts";

/** A text literal. DuckDB's parser ends at U+0000. */
function quoteText(value: string): string {
  const parts = value.split("\0").map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? parts[0]! : `(${parts.join(" || chr(0) || ")})`;
}

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

/** Times that DuckDB's cast reads. Patterns keep out what it reads besides: `epoch`, `infinity`, zones by name. */
const plainTime = String.raw`\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?(Z|[+-](0\d|1[0-8])(:?[0-5]\d)?)?)?)?`;
const otherTime = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)? ?(Z|z|UTC|utc|[+-](0\d|1[0-8])(:?[0-5]\d)?)`;

export const duckdbDialect: Dialect = {
  name: "duckdb",
  text: (value) => dialectSql(quoteText(value)),
  identifier: (name) => dialectSql(quoteName(name)),
  // DuckDB reads 1_000 as a number, and orders NaN above everything.
  toNumber: (expression) =>
    dialect`(case when ${expression} not like '%!_%' escape '!' and abs(try_cast(${expression} as double)) <= 1.7976931348623157e308 then try_cast(${expression} as double) end)`,
  isoToEpochMs: (expression) => {
    const cast = (text: Sql) => dialect`epoch_ms(try_cast(${text} as timestamptz))`;
    // What the cast does not read: a blank before the zone, UTC without one, minutes with a zone but without seconds.
    const spelt = dialect`regexp_replace(regexp_replace(regexp_replace(${expression}, ' ?(UTC|Z)$', 'Z', 'i'), ' ([+-])', '\\1'), '^(.{16})(Z|[+-].*)$', '\\1:00\\2')`;
    return dialect`(case when regexp_full_match(${expression}, '${plainTime}') then ${cast(expression)} when regexp_full_match(${expression}, '${otherTime}') then ${cast(spelt)} end)`;
  },
  containsNul: (expression) => dialect`(strpos(${expression}, chr(0)) > 0)`,
  hashBucket: (key, buckets) => dialect`(cast('0x' || substr(md5(${key}), 1, 8) as bigint) % ${buckets})`,
  csvSource: ({ path, format, columnCount, positions }) => {
    const columns = Array.from({ length: columnCount }, (_, index) => `f${index}: 'varchar'`).join(", ");
    const selected = positions.map((position, index) => `, f${position} as c${index}`).join("");
    const delimiter = format === "tsv" ? "\t" : ",";
    return dialect`select row_number() over () as row_id, cast(0 as tinyint) as is_broken${selected} from read_csv(${quotePath(path)}, auto_detect = false, header = true, delim = '${delimiter}', quote = '"', escape = '"', strict_mode = true, null_padding = false, max_line_size = 2097152, columns = {${columns}})`;
  },
  jsonSource: ({ path, keys }) => {
    // JSON pointers (RFC 6901): "~" and "/" are escaped.
    const pointers = keys.map((key) => quoteText(`/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`));
    const selected = keys.map((_, index) => `, v[${index + 1}] as c${index}`).join("");
    return dialect`select row_id, is_broken${selected} from (select row_number() over () as row_id, cast(case when json_type(json) = 'OBJECT' then 0 else 1 end as tinyint) as is_broken, json_extract_string(json, [${pointers.join(", ")}]) as v from read_ndjson_objects(${quotePath(path)}, maximum_object_size = 67108864, ignore_errors = true))`;
  },
  parquetSource: ({ path, names }) => {
    const selected = names
      .map((name, index) => `, cast(${quoteName(name)} as varchar) as c${index}`)
      .join("");
    return dialect`select file_row_number + 1 as row_id, cast(0 as tinyint) as is_broken${selected} from read_parquet(${quotePath(path)}, binary_as_string = true, file_row_number = true)`;
  },
  parquetTable: (path) => dialect`select * from read_parquet(${quotePath(path)}, binary_as_string = true)`,
};
