/** The splitter of a format. */
import { CsvSplitter } from "./csv-splitter.ts";
import { JsonLineSplitter } from "./json-line-splitter.ts";
import type { RecordHandler, RecordSplitter, TextFormat } from "./record-splitter.ts";

export function createSplitter(format: TextFormat, handler: RecordHandler): RecordSplitter {
  return format === "jsonl"
    ? new JsonLineSplitter(handler)
    : new CsvSplitter(format === "tsv" ? "\t" : ",", handler);
}
