/** Config of the data step: where events come from, which rules clean them, how they are split. */
import * as z from "zod";

const fileFormat = z.enum(["csv", "tsv", "jsonl", "parquet"]);

const columnName = z.string().min(1);

const events = z.strictObject({
  path: z.string().min(1).describe("events file, relative to the config file"),
  format: fileFormat.optional().describe("default: by the file's extension"),
  columns: z
    .strictObject({
      user: columnName.describe("who"),
      item: columnName.describe("what"),
      rating: columnName.optional().describe("a number; without it each event counts 1"),
      time: columnName.optional().describe("when it happened; without it file order is the order"),
      type: columnName.optional().describe("event type (view, buy, …), weighted by rules.eventWeights"),
    })
    .describe("which column plays which part"),
  timeUnit: z
    .enum(["s", "ms", "iso"])
    .default("s")
    .describe("s: epoch seconds, ms: epoch milliseconds, iso: ISO 8601 text"),
});

const items = z.strictObject({
  path: z.string().min(1).describe("items file with what a person reads, relative to the config file"),
  format: fileFormat.optional().describe("default: by the file's extension"),
  columns: z.strictObject({
    item: columnName.describe("the item's id, as in the events"),
    title: columnName.describe("its name for people"),
  }),
  extra: z.array(columnName).default([]).describe("further columns to show, e.g. genres"),
});

const rules = z
  .strictObject({
    duplicates: z
      .enum(["last", "highest", "sum"])
      .default("last")
      .describe("one user, one item, several events: keep the last, the highest rated, or add weights up"),
    eventWeights: z
      .record(z.string(), z.number().nonnegative())
      .optional()
      .describe("weight per event type; 0 drops the type, a type not named here is an error"),
    minRating: z.number().optional().describe("events rated lower are dropped"),
    weightByRating: z.boolean().default(false).describe("true: an event weighs its rating, not 1"),
    minUserEvents: z.int().positive().default(5).describe("k-core: users with fewer events are dropped"),
    minItemEvents: z.int().positive().default(5).describe("k-core: items with fewer events are dropped"),
    halfLifeDays: z
      .number()
      .positive()
      .optional()
      .describe("an event this much older than the newest weighs half"),
  })
  .prefault({});

const share = z.number().gt(0).lt(0.5);

const split = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z
        .literal("global-time")
        .describe("the newest events of all users are the test, the next newest validation"),
      validation: share.default(0.1).describe("share of events"),
      test: share.default(0.1).describe("share of events"),
    }),
    z.strictObject({
      kind: z.literal("leave-last-out").describe("the newest events of each user"),
      validation: z.int().positive().default(1).describe("events a user"),
      test: z.int().positive().default(1).describe("events a user"),
    }),
    z.strictObject({
      kind: z.literal("random").describe("each user's events at random, by a seeded hash"),
      validation: share.default(0.1).describe("share of events"),
      test: share.default(0.1).describe("share of events"),
    }),
    z.strictObject({
      kind: z
        .literal("by-user")
        .describe("whole users are held out; their earlier events are shown, the later ones ranked"),
      validation: share.default(0.1).describe("share of users"),
      test: share.default(0.1).describe("share of users"),
      foldIn: z
        .number()
        .gt(0)
        .lt(1)
        .default(0.8)
        .describe("share of a held-out user's events shown as history"),
    }),
  ])
  .prefault({ kind: "global-time" });

export const dataConfig = z.strictObject({ events, items: items.optional(), rules, split });

export type DataConfig = Readonly<z.output<typeof dataConfig>>;
export type SplitConfig = DataConfig["split"];
export type FileFormat = z.output<typeof fileFormat>;
