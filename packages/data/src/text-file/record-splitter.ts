/** Text files as records: where each begins and ends, on which line, and whether it is whole. */
import type { FileFormat } from "@attune/contracts/config";
import type { FileDefect } from "./defects.ts";

/** Formats whose bytes we look at; Parquet is the engine's. */
export type TextFormat = Exclude<FileFormat, "parquet">;

/** Told of each record in file order. `bytes` is valid during the call alone; `end` is before the line end. */
export interface RecordHandler {
  /** The header of a delimited file; `defect` when it is broken. */
  header(bytes: Buffer, start: number, end: number, defect: FileDefect | undefined): void;
  /** A good record; `line` is that of its first byte, from 1. */
  record(bytes: Buffer, start: number, end: number, line: number): void;
  /** A bad one. Of one that is too long, `end` is where the limit cut it. */
  defect(kind: FileDefect, bytes: Buffer, start: number, end: number, line: number): void;
}

export interface RecordSplitter {
  /** Bytes that wait for the rest of their record. */
  readonly pending: number;
  /** Columns of the header; 0 before it and for JSON Lines. */
  readonly columnCount: number;
  /** True when the engine would not read the good records as they are: mixed line ends, line ends inside the header, blank lines in places where they count. */
  readonly isIrregular: boolean;
  /** True when the last record has no line end. To be asked after `end`. */
  readonly endsInLine: boolean;
  push(chunk: Buffer): void;
  /** To be called after the last chunk. */
  end(): void;
}
