/** `rejected.csv`: the rows that were left out, as they stand in their files. */
import { open } from "node:fs/promises";
import { writeFailure } from "@attune/store";
import type { Engine } from "../engine/engine.ts";
import { problemOf } from "../rules/type-rows.ts";
import { valueDefects } from "../rules/value-defects.ts";
import type { EventPart, EventParts } from "../source/import-events.ts";
import { refuseChanged } from "../source/open-source.ts";
import { readChunks } from "../source/read-chunks.ts";
import { joinSql, sql, table } from "../sql/sql.ts";
import { createSplitter } from "../text-file/create-splitter.ts";
import type { RecordHandler, TextFormat } from "../text-file/record-splitter.ts";
import type { BadRowKind } from "./kinds.ts";
import { ProblemQueue } from "./problem-queue.ts";

export const rejectedFile = "rejected.csv";

/** Small, since each of its rows becomes an object. */
const chunkBytes = 1 << 16;

type Write = (bytes: Buffer) => Promise<void>;

/**
 * Writes a CSV of `file, line, kind, text`, in the order of the files and their lines. `text` holds the row's bytes as
 * they are (of one that is too long: its beginning), even where they are not UTF-8; of Parquet it is the columns that were
 * read, as JSON. Nothing grows with the file.
 *
 * @param columns - names of the columns that were read.
 * @throws {AttuneError} `FILE_READ`, `FILE_WRITE`
 */
export async function writeRejected(
  engine: Engine,
  { files }: EventParts,
  columns: readonly string[],
  path: string,
): Promise<void> {
  const refuse = (cause: unknown) => {
    throw writeFailure(path, cause);
  };
  const target = await open(path, "wx").catch(refuse);
  const write: Write = async (bytes) => {
    if (bytes.length > 0) await target.appendFile(bytes).catch(refuse);
  };
  try {
    await write(Buffer.from("file,line,kind,text\n"));
    for (const part of files) {
      const { format } = part.file;
      if (format === "parquet") await writeEngineRows(engine, part, columns, write);
      else await writeFileRows(engine, part, format, write);
    }
  } finally {
    await target.close();
  }
}

/** Reads the file again, beside the numbers of its bad rows. */
async function writeFileRows(
  engine: Engine,
  part: EventPart,
  format: TextFormat,
  write: Write,
): Promise<void> {
  const { before, imported, file } = part;
  const problems = new ProblemQueue(
    engine.stream(sql`select row_id - ${before}, problem from typed_rows
      where problem > 0 and row_id > ${before} and row_id <= ${before + imported} order by row_id asc`),
  );
  const rows = new RejectedRows(file.name, problems);
  const splitter = createSplitter(format, rows);
  for await (const chunk of readChunks(file.path, chunkBytes)) {
    // A record is one byte at least.
    await problems.fill(rows.good + splitter.pending + chunk.length);
    splitter.push(chunk);
    await write(rows.take());
  }
  await problems.fill(rows.good + splitter.pending);
  splitter.end();
  await write(rows.take());
  await refuseChanged(file);
}

class RejectedRows implements RecordHandler {
  /** Good records seen. */
  good = 0;
  readonly #file: string;
  readonly #problems: ProblemQueue;
  #rows: Buffer[] = [];

  constructor(file: string, problems: ProblemQueue) {
    this.#file = file;
    this.#problems = problems;
  }

  take(): Buffer {
    const rows = this.#rows;
    this.#rows = [];
    return Buffer.concat(rows);
  }

  header(): void {}

  record(bytes: Buffer, start: number, end: number, line: number): void {
    const problem = this.#problems.take(++this.good);
    if (problem > 0) this.defect(valueDefects[problem - 1]!, bytes, start, end, line);
  }

  defect(kind: BadRowKind, bytes: Buffer, start: number, end: number, line: number): void {
    this.#rows.push(formatRow(this.#file, line, kind, bytes.subarray(start, end)));
  }
}

async function writeEngineRows(
  engine: Engine,
  { before, imported, file }: EventPart,
  columns: readonly string[],
  write: Write,
): Promise<void> {
  const cells = joinSql(
    columns.map((_, index) => sql`s.${table(`c${index}`)}`),
    ", ",
  );
  const rows = engine.stream(sql`select s.row_id - ${before}, r.problem, ${cells} from source_rows s
    join typed_rows r on r.row_id = s.row_id
    where r.problem > 0 and s.row_id > ${before} and s.row_id <= ${before + imported} order by s.row_id asc`);
  for await (const batch of rows) {
    const [numbers, problems, ...values] = batch.columns;
    const lines = Array.from({ length: batch.rowCount }, (_, at) => {
      const row = Object.fromEntries(columns.map((name, index) => [name, values[index]!.data[at] ?? null]));
      const kind = valueDefects.find((name) => problemOf(name) === Number(problems!.data[at]))!;
      return formatRow(file.name, Number(numbers!.data[at]), kind, Buffer.from(JSON.stringify(row)));
    });
    await write(Buffer.concat(lines));
  }
}

/** Bytes go through unchanged but for their quotes: latin1 maps each to a character and back. */
function formatRow(file: string, line: number, kind: BadRowKind, row: Buffer): Buffer {
  const name = Buffer.from(file).toString("latin1");
  const text = `${quoteField(name)},${line},${kind},${quoteField(row.toString("latin1"))}\n`;
  return Buffer.from(text, "latin1");
}

const quoteField = (text: string) => `"${text.replaceAll('"', '""')}"`;
