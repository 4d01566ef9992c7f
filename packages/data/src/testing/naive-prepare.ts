/**
 * The whole of `prepareDataset` again, in plain loops over objects: what the SQL is held to. Written from the
 * rules' descriptions, with other algorithms where there is a choice.
 */
import { createHash } from "node:crypto";
import { type EventRole, eventRole } from "@attune/contracts";
import type { DataConfig } from "@attune/contracts/config";

export interface NaiveRow {
  readonly user: string;
  readonly item: string;
  readonly rating: number;
  /** Seconds. */
  readonly time: number;
  readonly type: string;
}

interface Event extends Omit<NaiveRow, "time"> {
  time: number;
  row: number;
  weight: number;
  rated: number;
}

export interface NaiveEvent {
  readonly user: string;
  readonly item: number;
  readonly weight: number;
  readonly time: number;
  readonly role: number;
}

export type NaiveResult =
  | { readonly error: string }
  | {
      readonly userIds: readonly string[];
      readonly itemIds: readonly string[];
      readonly events: readonly NaiveEvent[];
      /** Rows after each rule. */
      readonly rows: readonly number[];
    };

const compareBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const bucketOf = (key: string) =>
  Number.parseInt(createHash("md5").update(key).digest("hex").slice(0, 8), 16) % 10_000;

class Refusal extends Error {}

export function prepareNaively(rows: readonly NaiveRow[], data: DataConfig, seed: number): NaiveResult {
  try {
    return prepare(rows, data, seed);
  } catch (cause) {
    if (cause instanceof Refusal) return { error: cause.message };
    throw cause;
  }
}

function prepare(rows: readonly NaiveRow[], data: DataConfig, seed: number): NaiveResult {
  const { rules, events: source, split } = data;
  const hasTime = source.columns.time !== undefined;
  const counts: number[] = [];
  const count = (events: readonly Event[]) => {
    if (events.length === 0) throw new Refusal("DATA_EMPTY");
    counts.push(events.length);
  };
  if (rows.length === 0) throw new Refusal("DATA_NO_ROWS");

  let events = rows
    .map(
      (row, index): Event => ({ ...row, time: hasTime ? row.time : 0, row: index + 1, weight: 1, rated: 1 }),
    )
    .filter((event) => event.user !== "" && event.item !== "");
  count(events);
  if (rules.eventWeights) {
    for (const event of events) event.weight = rules.eventWeights[event.type]!;
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
  for (const event of events) event.rated = event.weight * event.rating;
  events = mergePairs(events, rules.duplicates);
  count(events);
  if (rules.minUserEvents > 1 || rules.minItemEvents > 1) {
    peel(events, rules.minUserEvents, rules.minItemEvents);
    count(events);
  }
  if (new Set(events.map((event) => event.user)).size < 2) throw new Refusal("DATA_TOO_FEW_USERS");
  if (rules.weightByRating) for (const event of events) event.weight = event.rated;
  if (rules.halfLifeDays !== undefined) {
    const newest = Math.max(...events.map((event) => event.time));
    for (const event of events) event.weight *= 0.5 ** ((newest - event.time) / 86_400 / rules.halfLifeDays);
    counts.push(events.length);
  }
  if (rules.weightByRating) counts.push(events.length);

  events.sort((a, b) => a.time - b.time || a.row - b.row);
  const roles = assignRoles(events, split, seed);
  const present = new Set(roles.values());
  if (!(["train", "validation", "test"] as const).every((role) => present.has(role))) {
    throw new Refusal("DATA_SPLIT_EMPTY");
  }
  return { ...index(events, roles, hasTime), rows: counts };
}

function mergePairs(events: readonly Event[], rule: DataConfig["rules"]["duplicates"]): Event[] {
  const merged = new Map<string, Event>();
  for (const event of events) {
    const key = JSON.stringify([event.user, event.item]);
    const other = merged.get(key);
    if (other === undefined) merged.set(key, { ...event });
    else if (rule === "sum") {
      other.weight += event.weight;
      other.rated += event.rated;
      other.time = Math.max(other.time, event.time);
      other.row = event.row;
    } else {
      const order = rule === "highest" ? event.rating - other.rating || event.weight - other.weight : 0;
      if ((order || event.time - other.time || event.row - other.row) > 0) merged.set(key, { ...event });
    }
  }
  return [...merged.values()];
}

/** One user or item at a time, in place: another order than the rounds of the SQL, the same core. */
function peel(events: Event[], minUser: number, minItem: number): void {
  for (;;) {
    const poor = events.find(
      (event) =>
        events.filter((other) => other.user === event.user).length < minUser ||
        events.filter((other) => other.item === event.item).length < minItem,
    );
    if (poor === undefined) return;
    events.splice(events.indexOf(poor), 1);
  }
}

/** @param events - oldest first. */
function assignRoles(
  events: readonly Event[],
  split: DataConfig["split"],
  seed: number,
): ReadonlyMap<Event, EventRole> {
  const roles = new Map<Event, EventRole>();
  const eventsOf = new Map<string, Event[]>();
  for (const event of events) eventsOf.set(event.user, [...(eventsOf.get(event.user) ?? []), event]);
  const held = (bucket: number, share: { test: number; validation: number }) => {
    const test = Math.round(share.test * 10_000);
    if (bucket < test) return "test";
    return bucket < test + Math.round(share.validation * 10_000) ? "validation" : "train";
  };
  switch (split.kind) {
    case "global-time": {
      const testCount = Math.max(1, Math.round(events.length * split.test));
      const validationCount = Math.max(1, Math.round(events.length * split.validation));
      const first = Math.max(0, events.length - testCount);
      const testTime = events[first]!.time;
      const validationTime = events[Math.max(0, first - validationCount)]!.time;
      for (const event of events) {
        roles.set(
          event,
          event.time >= testTime ? "test" : event.time >= validationTime ? "validation" : "train",
        );
      }
      return roles;
    }
    case "leave-last-out":
      for (const own of eventsOf.values()) {
        const test = Math.min(split.test, own.length - 1);
        const validation = Math.min(split.validation, own.length - 1 - test);
        const train = own.length - test - validation;
        for (const [place, event] of own.entries()) {
          roles.set(event, place < train ? "train" : place < train + validation ? "validation" : "test");
        }
      }
      return roles;
    case "random":
      for (const event of events) {
        roles.set(event, held(bucketOf(`${seed}:${event.user}:${event.item}`), split));
      }
      return roles;
    case "by-user":
      for (const [user, own] of eventsOf) {
        const role = held(bucketOf(`${seed}:${user}`), split);
        const wanted = Math.max(1, Math.floor((own.length * Math.round(split.foldIn * 10_000)) / 10_000));
        const shown = Math.max(1, Math.min(own.length - 1, wanted));
        for (const [place, event] of own.entries()) {
          roles.set(event, role !== "train" && place < shown ? `${role}History` : role);
        }
      }
      return roles;
  }
}

function index(events: readonly Event[], roles: ReadonlyMap<Event, EventRole>, hasTime: boolean) {
  const trained = new Map<string, number>();
  for (const event of events) {
    if (roles.get(event) === "train") trained.set(event.item, (trained.get(event.item) ?? 0) + 1);
  }
  const itemIds = [...trained].sort(([a, n], [b, m]) => m - n || compareBytes(a, b)).map(([id]) => id);
  const userIds = [...new Set(events.map((event) => event.user))].sort(compareBytes);
  const ordered = [...events].sort(
    (a, b) =>
      compareBytes(a.user, b.user) ||
      (hasTime
        ? a.time - b.time ||
          itemIds.indexOf(a.item) - itemIds.indexOf(b.item) ||
          compareBytes(a.item, b.item) ||
          a.row - b.row
        : a.row - b.row),
  );
  return {
    userIds,
    itemIds,
    events: ordered.map((event) => ({
      user: event.user,
      item: itemIds.indexOf(event.item),
      weight: event.weight,
      time: event.time * 1000,
      role: eventRole[roles.get(event)!],
    })),
  };
}
