/**
 * The whole protocol of `prepareDataset` again, in plain loops over objects: what the SQL is held to. Written from the
 * rules' descriptions, with other algorithms where there is a choice.
 */
import { type EventRole, eventRole } from "@attune/contracts";
import type { RecommendDataConfig, SplitConfig } from "@attune/contracts/config";
import { type NaiveRow, type RawEvent, Refusal } from "./naive-event.ts";
import { assignNaively } from "./naive-split.ts";

export interface NaiveEvent {
  readonly user: string;
  /** Index, −1 outside of the catalogue. */
  readonly item: number;
  readonly weight: number;
  /** Milliseconds. */
  readonly time: number;
  /** Absent in the release. */
  readonly role?: EventRole;
}

export interface NaiveCatalogue {
  readonly userIds: readonly string[];
  readonly itemIds: readonly string[];
  readonly events: readonly NaiveEvent[];
}

interface Targets {
  kept: number;
  repeatsDropped: number;
  outsideCatalogue: number;
}

export type NaiveResult =
  | { readonly error: string }
  | {
      readonly measured: NaiveCatalogue;
      readonly released: NaiveCatalogue;
      readonly targets: Readonly<Record<"validation" | "test", Targets>>;
      /** Rows after each rule. */
      readonly rows: readonly number[];
    };

export const compareBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** @param split - the config's, or its default. */
export function prepareNaively(
  rows: readonly NaiveRow[],
  data: RecommendDataConfig,
  split: SplitConfig,
  seed: number,
): NaiveResult {
  try {
    return prepare(rows, data, split, seed);
  } catch (cause) {
    if (cause instanceof Refusal) return { error: cause.message };
    throw cause;
  }
}

function prepare(
  rows: readonly NaiveRow[],
  data: RecommendDataConfig,
  split: SplitConfig,
  seed: number,
): NaiveResult {
  const counts: number[] = [];
  const raw = readRaw(rows, data, split, counts);
  const hasTime = data.events.columns.time !== undefined;
  const roles = assignNaively(raw, split, seed, { hasTime, keepsRepeats: data.rules.repeats === "keep" });
  for (const role of ["train", "validation", "test"] as const) {
    if (![...roles.values()].includes(role)) throw new Refusal("DATA_SPLIT_EMPTY");
  }
  const { measured, targets } = measure(raw, roles, data.rules, counts);
  return { measured, targets, released: release(raw, data.rules, counts), rows: counts };
}

/** Row-local rules, then copies of one event; oldest first, ties by row. */
function readRaw(
  rows: readonly NaiveRow[],
  { rules, events: source }: RecommendDataConfig,
  split: SplitConfig,
  counts: number[],
): RawEvent[] {
  const { time, type } = source.columns;
  const count = (events: readonly unknown[]) => {
    if (events.length === 0) throw new Refusal("DATA_EMPTY");
    counts.push(events.length);
  };
  if (rows.length === 0) throw new Refusal("DATA_NO_ROWS");
  let events = rows
    .map(
      (row, index): RawEvent => ({
        ...row,
        time: time === undefined ? 0 : row.time,
        type: type === undefined ? "" : row.type,
        row: index + 1,
        weight: rules.eventWeights?.[row.type] ?? 1,
      }),
    )
    .filter((event) => event.user !== "" && event.item !== "");
  count(events);
  if (rules.eventWeights) {
    events = events.filter((event) => event.weight > 0);
    count(events);
  }
  if (events.length > 1 && new Set(events.map((event) => event.rating)).size === 1) {
    throw new Refusal("DATA_CONSTANT_RATING");
  }
  if (rules.minRating !== undefined || rules.weightByRating) {
    events = events.filter((event) => event.rating >= (rules.minRating ?? -Infinity));
    if (rules.weightByRating) events = events.filter((event) => event.rating > 0);
    count(events);
  }
  if (rules.weightByRating)
    events = events.map((event) => ({ ...event, weight: event.weight * event.rating }));
  if (time !== undefined) {
    const last = new Map<string, RawEvent>();
    for (const event of events) {
      const role = split.kind === "given" ? event.role : "";
      last.set(JSON.stringify([event.user, event.item, event.time, event.type, role]), event);
    }
    events = [...last.values()];
    count(events);
  }
  return events.sort((a, b) => a.time - b.time || a.row - b.row);
}

/** Different items a user has and users an item has, one user or item at a time, until all have enough. */
function peel(events: readonly RawEvent[], rules: RecommendDataConfig["rules"]): RawEvent[] {
  let left = [...events];
  for (;;) {
    const poor = left.find(
      (event) =>
        new Set(left.filter(({ user }) => user === event.user).map(({ item }) => item)).size <
          rules.minUserEvents ||
        new Set(left.filter(({ item }) => item === event.item).map(({ user }) => user)).size <
          rules.minItemEvents,
    );
    if (poor === undefined) return left;
    const isPoorUser =
      new Set(left.filter(({ user }) => user === poor.user).map(({ item }) => item)).size <
      rules.minUserEvents;
    left = left.filter((event) => (isPoorUser ? event.user !== poor.user : event.item !== poor.item));
  }
}

function rankItems(events: readonly RawEvent[]): string[] {
  const users = new Map<string, Set<string>>();
  for (const { user, item } of events) users.set(item, (users.get(item) ?? new Set()).add(user));
  return [...users]
    .sort(([a, own], [b, other]) => other.size - own.size || compareBytes(a, b))
    .map(([id]) => id);
}

/** Counts a core and the weights' rules, and gives the weight of an event. */
function learnWeights(
  core: readonly RawEvent[],
  rules: RecommendDataConfig["rules"],
  counts: number[],
): (event: RawEvent) => number {
  if (rules.minUserEvents > 1 || rules.minItemEvents > 1) {
    if (core.length === 0) throw new Refusal("DATA_EMPTY");
    counts.push(core.length);
  }
  if (new Set(core.map(({ user }) => user)).size < 2) throw new Refusal("DATA_TOO_FEW_USERS");
  const { halfLifeDays } = rules;
  if (halfLifeDays !== undefined) counts.push(core.length);
  if (rules.weightByRating) counts.push(core.length);
  const newest = Math.max(...core.map(({ time }) => time));
  return ({ time, weight }) =>
    halfLifeDays === undefined ? weight : weight * 0.5 ** ((newest - time) / 86_400 / halfLifeDays);
}

function measure(
  raw: readonly RawEvent[],
  given: ReadonlyMap<RawEvent, EventRole>,
  rules: RecommendDataConfig["rules"],
  counts: number[],
) {
  const fitted = peel(
    raw.filter((event) => given.get(event) === "train"),
    rules,
  );
  const weightOf = learnWeights(fitted, rules, counts);
  const itemIds = rankItems(fitted);
  const roles = new Map<RawEvent, EventRole>();
  for (const event of raw) {
    const role = given.get(event)!;
    roles.set(event, role === "train" && !fitted.includes(event) ? "history" : role);
  }
  const targets = {
    validation: settleTargets(raw, roles, itemIds, rules, "validation"),
    test: settleTargets(raw, roles, itemIds, rules, "test"),
  };
  if (targets.validation.kept === 0 || targets.test.kept === 0) throw new Refusal("DATA_SPLIT_EMPTY");

  const kept = raw.filter((event) => roles.has(event));
  const usersOf = (...wanted: EventRole[]) =>
    [...new Set(kept.filter((event) => wanted.includes(roles.get(event)!)).map(({ user }) => user))].sort(
      compareBytes,
    );
  const userIds = [
    ...new Set([
      ...usersOf("train"),
      ...usersOf("validation", "validationRepeat", "validationHistory", "history"),
      ...usersOf("test", "testHistory"),
    ]),
  ];
  const events = userIds.flatMap((id) =>
    kept
      .filter(({ user }) => user === id)
      .map((event) => ({ ...describe(event, itemIds, weightOf), role: roles.get(event)! })),
  );
  return { measured: { userIds, itemIds, events }, targets };
}

/** Walks over the targets of a split, oldest first, and takes from `roles` what its user had met. */
function settleTargets(
  raw: readonly RawEvent[],
  roles: Map<RawEvent, EventRole>,
  itemIds: readonly string[],
  rules: RecommendDataConfig["rules"],
  split: "validation" | "test",
): Targets {
  const targets = { kept: 0, repeatsDropped: 0, outsideCatalogue: 0 };
  const shown: EventRole[] = ["train", "history", "validationHistory"];
  if (split === "test") shown.push("validation", "validationRepeat", "testHistory");
  const pair = ({ user, item }: RawEvent) => JSON.stringify([user, item]);
  const met = new Set(raw.filter((event) => shown.includes(roles.get(event)!)).map(pair));
  for (const event of raw) {
    if (roles.get(event) !== split) continue;
    if (rules.repeats === "drop" && met.has(pair(event))) {
      targets.repeatsDropped++;
      if (split === "validation") roles.set(event, "validationRepeat");
      else roles.delete(event);
      continue;
    }
    met.add(pair(event));
    targets.kept++;
    if (!itemIds.includes(event.item)) targets.outsideCatalogue++;
  }
  return targets;
}

function release(
  raw: readonly RawEvent[],
  rules: RecommendDataConfig["rules"],
  counts: number[],
): NaiveCatalogue {
  const core = peel(raw, rules);
  const weightOf = learnWeights(core, rules, counts);
  const itemIds = rankItems(core);
  const userIds = [...new Set(core.map(({ user }) => user))].sort(compareBytes);
  const events = userIds.flatMap((id) =>
    core.filter(({ user }) => user === id).map((event) => describe(event, itemIds, weightOf)),
  );
  return { userIds, itemIds, events };
}

function describe(
  event: RawEvent,
  itemIds: readonly string[],
  weightOf: (event: RawEvent) => number,
): NaiveEvent {
  const { user, item, time } = event;
  return { user, item: itemIds.indexOf(item), weight: weightOf(event), time: time * 1000 };
}

/** The role behind a code. */
export const roleOfCode = new Map<number, EventRole>(
  Object.entries(eventRole).map(([name, code]) => [code, name as EventRole]),
);
