/** Every split again, in plain loops over raw events. */
import { createHash } from "node:crypto";
import type { EventRole } from "@attune/contracts";
import type { SplitConfig } from "@attune/contracts/config";
import { type RawEvent, Refusal } from "./naive-event.ts";

const bucketOf = (key: string) =>
  Number.parseInt(createHash("md5").update(key).digest("hex").slice(0, 8), 16) % 10_000;

type Roles = ReadonlyMap<RawEvent, EventRole>;

/** @param events - oldest first, ties by row. */
export function assignNaively(
  events: readonly RawEvent[],
  split: SplitConfig,
  seed: number,
  options: { readonly hasTime: boolean; readonly keepsRepeats: boolean },
): Roles {
  const byUser = new Map<string, RawEvent[]>();
  for (const event of events) byUser.set(event.user, [...(byUser.get(event.user) ?? []), event]);
  const held = (bucket: number, share: { test: number; validation: number }) => {
    const test = Math.round(share.test * 10_000);
    if (bucket < test) return "test";
    return bucket < test + Math.round(share.validation * 10_000) ? "validation" : "train";
  };
  const each = (role: (event: RawEvent) => EventRole): Roles =>
    new Map(events.map((event) => [event, role(event)]));
  switch (split.kind) {
    case "global-time": {
      const [validationTime, testTime] = findInstants(events, split);
      return each(({ time }) =>
        time >= testTime ? "test" : time >= validationTime ? "validation" : "train",
      );
    }
    case "leave-last-out": {
      const place = new Map([...byUser.values()].flatMap((own) => own.map((event, at) => [event, at])));
      return each((event) => {
        const { length } = byUser.get(event.user)!;
        const test = Math.min(split.test, length - 1);
        const validation = Math.min(split.validation, length - 1 - test);
        const fromEnd = length - place.get(event)!;
        return fromEnd <= test ? "test" : fromEnd <= test + validation ? "validation" : "train";
      });
    }
    case "random":
      return each(({ user, item }) => held(bucketOf(`${seed}:${user}:${item}`), split));
    case "by-user":
      return each((event) => {
        const role = held(bucketOf(`${seed}:${event.user}`), split);
        const own = byUser.get(event.user)!;
        const wanted = Math.max(1, Math.floor((own.length * Math.round(split.foldIn * 10_000)) / 10_000));
        const shown = Math.max(1, Math.min(own.length - 1, wanted));
        return role !== "train" && own.indexOf(event) < shown ? `${role}History` : role;
      });
    case "given":
      return assignGiven(events, split, seed, options);
  }
}

function findInstants(
  events: readonly RawEvent[],
  split: Extract<SplitConfig, { kind: "global-time" }>,
): [validation: number, test: number] {
  if (split.validationFrom !== undefined && split.testFrom !== undefined) {
    return [Date.parse(split.validationFrom) / 1000, Date.parse(split.testFrom) / 1000];
  }
  const testCount = Math.max(1, Math.round(events.length * split.test));
  const validationCount = Math.max(1, Math.round(events.length * split.validation));
  const first = Math.max(0, events.length - testCount);
  return [events[Math.max(0, first - validationCount)]!.time, events[first]!.time];
}

function assignGiven(
  events: readonly RawEvent[],
  { carve }: Extract<SplitConfig, { kind: "given" }>,
  seed: number,
  { hasTime, keepsRepeats }: { readonly hasTime: boolean; readonly keepsRepeats: boolean },
): Roles {
  const roles = new Map<RawEvent, EventRole>(events.map((event) => [event, event.role]));
  const present = new Set(roles.values());
  const isCarved = carve !== undefined;
  if (!present.has("train") || !present.has("test") || present.has("validation") === isCarved) {
    throw new Refusal("DATA_GIVEN_SPLIT");
  }
  const key = ({ user, item, type, time }: RawEvent) =>
    JSON.stringify(hasTime ? [user, item, type, time] : [user, item]);
  for (const one of events) {
    for (const other of events) {
      const overlaps = one.role !== other.role && key(one) === key(other);
      if (overlaps && (hasTime || !keepsRepeats)) throw new Refusal("DATA_GIVEN_SPLIT");
    }
  }
  if (carve === undefined) return roles;
  const train = events.filter(({ role }) => role === "train");
  const cut = train[Math.max(0, train.length - Math.max(1, Math.round(train.length * carve)))]!.time;
  for (const event of train) {
    const bucket = bucketOf(`${seed}:${event.user}:${event.item}`);
    if (hasTime ? event.time >= cut : bucket < Math.round(carve * 10_000)) roles.set(event, "validation");
  }
  return roles;
}
