/** From the n-th good record of a file back to its line. */
import { refuseChanged, type SourceFile } from "../source/open-source.ts";
import { readChunks } from "../source/read-chunks.ts";
import { createSplitter } from "../text-file/create-splitter.ts";
import { excerptOf } from "../text-file/excerpt.ts";

export interface LocatedRow {
  readonly line: number;
  /** The beginning of the row; absent for Parquet. */
  readonly text?: string;
}

/**
 * Reads the file again, as far as the last of the rows.
 *
 * @param rows - numbers of good records, from 1, as `row_id` counts them.
 * @returns by number. The rows of Parquet have no lines: their number stands for it.
 * @throws {AttuneError} `FILE_READ`, also for a file that changed since it was opened
 */
export async function locateRows(
  file: SourceFile,
  rows: readonly number[],
): Promise<ReadonlyMap<number, LocatedRow>> {
  const { path, format } = file;
  if (format === "parquet") return new Map(rows.map((row) => [row, { line: row }]));
  const wanted = new Set(rows);
  const found = new Map<number, LocatedRow>();
  let row = 0;
  const splitter = createSplitter(format, {
    header() {},
    record(bytes, start, end, line) {
      row++;
      if (wanted.has(row)) found.set(row, { line, text: excerptOf(bytes, start, end) });
    },
    defect() {},
  });
  if (wanted.size === 0) return found;
  for await (const chunk of readChunks(path)) {
    splitter.push(chunk);
    if (found.size === wanted.size) break;
  }
  if (found.size < wanted.size) splitter.end();
  await refuseChanged(file);
  return found;
}
