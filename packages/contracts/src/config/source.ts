/** Parts of the config that name files and their columns; every task reads tables. */
import * as z from "zod";
import { columnKinds } from "../table.ts";

export const fileFormat = z.enum(["csv", "tsv", "jsonl", "parquet"]);

export const columnName = z.string().min(1);

export const filePath = (what: string) => z.string().min(1).describe(`${what}, relative to the config file`);

export const formatField = fileFormat.optional().describe("default: by the file's extension");

/** Columns that models may use, each with what it holds. */
export const features = z
  .record(
    columnName,
    z.strictObject({
      kind: z
        .enum(columnKinds)
        .describe("number; category: one of few values; set: several values in one cell; text: words"),
      separator: z.string().min(1).default("|").describe("between the values of a set"),
    }),
  )
  .default({})
  .describe("columns that models may use, by name; never shown");

export const share = z.number().gt(0).lt(0.5);

/** Roles given by whoever made the split: by a column, or by files beside the train file. */
export const givenSplit = z.strictObject({
  kind: z
    .literal("given")
    .describe("files, or a column, say what is train, validation and test (published protocols)"),
  column: columnName
    .optional()
    .describe("a column whose values are train, validation and test; instead of files"),
  validationFile: filePath("validation rows, columns as in the train file").optional(),
  testFile: filePath(
    "test rows, columns as in the train file; the train rows are those of the data's own path",
  ).optional(),
  carve: share
    .optional()
    .describe("without validation rows: the newest (without time: random) share of train becomes validation"),
});

export type FileFormat = z.output<typeof fileFormat>;
