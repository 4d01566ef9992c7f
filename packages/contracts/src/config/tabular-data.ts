/** Config of the data step of the tasks that learn from rows: classify, regress, hierarchical. */
import * as z from "zod";
import { columnName, features, filePath, formatField, givenSplit, share } from "./source.ts";

const split = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("random").describe("rows at random, by a seeded hash; rows of one group stay together"),
    validation: share.default(0.15).describe("share of rows"),
    test: share.default(0.15).describe("share of rows"),
  }),
  z.strictObject({
    kind: z.literal("time").describe("the newest rows are the test, the next newest validation"),
    column: columnName.describe("when the row was true, ISO 8601 or a number"),
    validation: share.default(0.15).describe("share of rows"),
    test: share.default(0.15).describe("share of rows"),
  }),
  givenSplit,
]);

const table = {
  path: filePath("table, one row an example"),
  format: formatField,
  target: columnName.describe("what to predict"),
  group: columnName
    .optional()
    .describe("rows of one group (a user, a shop) are split and resampled together"),
  features,
};

export const tabularData = z.strictObject({
  table: z.strictObject(table),
  split: split.prefault({ kind: "random" }),
});

export const hierarchicalData = z.strictObject({
  table: z.strictObject({
    ...table,
    levels: z
      .array(columnName)
      .min(1)
      .describe("group columns that nest, widest first, e.g. category then product"),
  }),
  split: split.prefault({ kind: "random" }),
});

export type TabularDataConfig = Readonly<z.output<typeof tabularData>>;
export type HierarchicalDataConfig = Readonly<z.output<typeof hierarchicalData>>;
