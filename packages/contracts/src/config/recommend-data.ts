/** Config of the data step of `recommend`: where events come from, which rules clean them, how they are split. */
import * as z from "zod";
import { duplicateRules } from "../interactions.ts";
import { columnName, features, filePath, formatField, givenSplit, share } from "./source.ts";

const events = z.strictObject({
  path: filePath("events file"),
  format: formatField,
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
    .describe(
      "s: epoch seconds, ms: epoch milliseconds, iso: ISO 8601 text, with Z, UTC, an offset such as +02:00, or without a zone (UTC)",
    ),
  badRows: z
    .enum(["refuse", "skip"])
    .default("refuse")
    .describe(
      "rows that cannot be used (broken quotes, wrong number of columns, not UTF-8, no time, no rating, a type without a weight …); refuse: all kinds are listed and nothing is written; skip: they are left out, counted in the manifest and written to rejected.csv in the dataset. Rows without a user or an item are not among them: the rule on missing ids drops them",
    ),
  maxBadRows: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe("with skip: a larger share of bad rows is refused all the same"),
});

const items = z.strictObject({
  path: filePath("items file"),
  format: formatField,
  columns: z.strictObject({
    item: columnName.describe("the item's id, as in the events"),
    title: columnName.describe("its name for people"),
  }),
  show: z.array(columnName).default([]).describe("further columns to show to people, e.g. genres"),
  features,
});

const users = z.strictObject({
  path: filePath("users file"),
  format: formatField,
  columns: z.strictObject({ user: columnName.describe("the user's id, as in the events") }),
  features,
});

const rules = z
  .strictObject({
    duplicates: z
      .enum(duplicateRules)
      .default("last")
      .describe(
        "what an item weighs that one user met several times within a role: its newest event, its heaviest, or all added up; models of order see every event",
      ),
    repeats: z
      .enum(["drop", "keep"])
      .default("drop")
      .describe(
        "drop: what a person has met is neither a target nor ever recommended; keep: both may be (things people buy again)",
      ),
    eventWeights: z
      .record(z.string(), z.number().nonnegative())
      .optional()
      .describe("weight per event type; 0 drops the type, a row whose type is not named here is a bad row"),
    minRating: z.number().optional().describe("events rated lower are dropped"),
    weightByRating: z.boolean().default(false).describe("true: an event weighs its rating, not 1"),
    minUserEvents: z
      .int()
      .positive()
      .default(5)
      .describe(
        "k-core of the train events: people with fewer items are not fitted on, their events are only history",
      ),
    minItemEvents: z
      .int()
      .positive()
      .default(5)
      .describe("k-core of the train events: items with fewer people are not in the catalogue"),
    halfLifeDays: z
      .number()
      .positive()
      .optional()
      .describe("an event this much older than the newest train event weighs half"),
  })
  .prefault({});

const split = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z
        .literal("global-time")
        .describe("the newest events of all users are the test, the next newest validation"),
      validation: share.default(0.1).describe("share of events; not used where validationFrom is given"),
      test: share.default(0.1).describe("share of events; not used where testFrom is given"),
      validationFrom: z.iso
        .datetime({ offset: true })
        .optional()
        .describe(
          "validation begins at this instant (ISO 8601 with zone) instead of by share; needs testFrom",
        ),
      testFrom: z.iso
        .datetime({ offset: true })
        .optional()
        .describe("the test begins at this instant; needs validationFrom"),
    }),
    z.strictObject({
      kind: z.literal("leave-last-out").describe("the newest events of each user"),
      validation: z.int().positive().default(1).describe("events a user"),
      test: z.int().positive().default(1).describe("events a user"),
    }),
    z.strictObject({
      kind: z
        .literal("random")
        .describe("each user's items at random, by a seeded hash; repeats of one stay together"),
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
    givenSplit,
  ])
  .optional()
  .describe("default: global-time where the events have a time, else random");

export const recommendData = z.strictObject({
  events,
  items: items.optional(),
  users: users.optional(),
  rules,
  split,
});

export type RecommendDataConfig = Readonly<z.output<typeof recommendData>>;
export type SplitConfig = NonNullable<RecommendDataConfig["split"]>;
