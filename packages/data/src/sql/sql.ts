/**
 * SQL as a value: pieces that we wrote and pieces that the engine's dialect wrote, kept apart so that a test can
 * hold ours to portable SQL. Everything in this package that builds a query goes through here.
 */

/** One piece of a query and who wrote it. */
export interface SqlChunk {
  readonly text: string;
  readonly origin: "template" | "dialect";
}

/** A query, or part of one. */
export interface Sql {
  readonly chunks: readonly SqlChunk[];
}

/**
 * Tagged template for portable SQL. Values are other pieces of SQL or numbers; text literals come from
 * `Dialect.text`, table names from `table`.
 *
 * Numbers that are not safe integers are written with an exponent, which every engine reads as a double.
 *
 * @throws {RangeError} for NaN and the infinities.
 */
export function sql(strings: TemplateStringsArray, ...values: readonly (Sql | number)[]): Sql {
  const chunks: SqlChunk[] = [];
  for (const [index, text] of strings.entries()) {
    if (text !== "") chunks.push({ text, origin: "template" });
    const value = values[index];
    if (typeof value === "number") chunks.push({ text: formatNumber(value), origin: "template" });
    else if (value !== undefined) chunks.push(...value.chunks);
  }
  return { chunks };
}

function formatNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (Number.isFinite(value)) return value.toExponential();
  throw new RangeError(`${value} cannot stand in a query`);
}

/** Text that only one engine understands. Called by dialects alone. */
export function dialectSql(text: string): Sql {
  return { chunks: [{ text, origin: "dialect" }] };
}

/**
 * A table's or column's own name, unquoted.
 *
 * @throws {RangeError} for a name that would need quotes.
 */
export function table(name: string): Sql {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new RangeError(`"${name}" is not a portable name`);
  return { chunks: [{ text: name, origin: "template" }] };
}

/** Pieces in a row with `separator` between them. */
export function joinSql(parts: readonly Sql[], separator: string): Sql {
  const chunks = parts.flatMap((part, index) =>
    index === 0 ? part.chunks : [{ text: separator, origin: "template" } as const, ...part.chunks],
  );
  return { chunks };
}

/** The query as the engine gets it. */
export function formatSql(query: Sql): string {
  return query.chunks.map((chunk) => chunk.text).join("");
}
