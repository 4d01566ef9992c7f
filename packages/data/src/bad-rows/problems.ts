/** What is wrong with each kind of bad row, as a sentence's beginning. */
import type { RecommendDataConfig } from "@attune/contracts/config";
import { givenRoles, type SourceColumns } from "../rules/source-columns.ts";
import type { ValueDefect } from "../rules/value-defects.ts";
import { longestRecordBytes } from "../text-file/csv-splitter.ts";
import type { FileDefect } from "../text-file/defects.ts";
import { longestJsonBytes } from "../text-file/json-line-splitter.ts";

export const notJson = "no JSON object";

const megabytes = (bytes: number) => Math.floor(bytes / 1e6);

/** @param columnCount - of the header; 0 for JSON Lines. */
export function describeDefect(kind: FileDefect, columnCount: number): string {
  const texts: Record<FileDefect, string> = {
    length: `longer than ${megabytes(columnCount === 0 ? longestJsonBytes : longestRecordBytes)} MB`,
    quotes: "broken quotes (one that never closes, or text behind a closing one)",
    columns: `wrong number of columns (the header has ${columnCount})`,
    cut: "the last row is cut in the middle",
    encoding: "not UTF-8 (convert the file, for example with `iconv -f latin1 -t utf-8`)",
  };
  return texts[kind];
}

export function describeProblem(
  kind: ValueDefect,
  { time, rating }: Pick<SourceColumns, "time" | "rating">,
  weights: RecommendDataConfig["rules"]["eventWeights"],
): string {
  const known = Object.keys(weights ?? {}).join(", ");
  const texts: Record<ValueDefect, string> = {
    json: notJson,
    nul: "an id that holds the character U+0000",
    type: `an event type without a weight (data.rules.eventWeights names ${known || "none"}; 0 drops a type)`,
    role: `no role of the split (there are ${givenRoles.join(", ")})`,
    time: `not ${time?.expected}`,
    rating: `not ${rating?.expected}`,
  };
  return texts[kind];
}
