import { type Dataset, type EventRole, eventRole } from "@attune/contracts";
import { describe, expect, test } from "vitest";
import { loadDataset } from "../load.ts";
import { createProject, formatCsv, gridConfig } from "../testing/project.ts";

type Row = readonly [user: string, item: string, time: number];

const columns = { user: "user", item: "item", time: "time" };

async function split(rows: readonly Row[], config: object, seed = 1): Promise<Dataset> {
  using project = createProject({ "events.csv": formatCsv(["user", "item", "time"], rows) });
  const data = { ...gridConfig, events: { path: "events.csv", columns }, split: config };
  return await loadDataset((await project.prepare(data, { seed })).dir);
}

const roleNames = Object.fromEntries(Object.entries(eventRole).map(([name, code]) => [code, name])) as Record<
  number,
  EventRole
>;

/** Roles of each user's events, oldest first. */
function rolesOf({ userIds, events, roles }: Dataset): Record<string, EventRole[]> {
  return Object.fromEntries(
    userIds.map((id, user) => [
      id,
      Array.from(roles.subarray(events.offsets[user], events.offsets[user + 1]), (code) => roleNames[code]!),
    ]),
  );
}

/** `events` events of `user`, one a second from `start`. */
const series = (user: string, events: number, start = 0): Row[] =>
  Array.from({ length: events }, (_, n) => [user, `i${n}`, start + n]);

const population = (users: number, events: number) =>
  Array.from({ length: users }, (_, n) => series(`u${n}`, events, n)).flat();

describe("global-time", () => {
  const rowsAt = (times: readonly number[]) => times.map((time, n): Row => [`u${n % 2}`, `i${n}`, time]);
  const timesOf = ({ events, roles }: Dataset, role: EventRole) =>
    Array.from(events.times, (time) => time / 1000)
      .filter((_, at) => roles[at] === eventRole[role])
      .sort((a, b) => a - b);

  test("cuts at instants: what is as old as the oldest test event is a test event", async () => {
    const times = [1, 2, 3, 4, 5, 5, 7, 8, 8, 8];
    const dataset = await split(rowsAt(times), { kind: "global-time", validation: 0.4, test: 0.1 });

    // One event was asked for, and two more share its instant.
    expect(timesOf(dataset, "test")).toEqual([8, 8, 8]);
    // Four more go down to the first of the two at 5.
    expect(timesOf(dataset, "validation")).toEqual([5, 5, 7]);
    expect(timesOf(dataset, "train")).toEqual([1, 2, 3, 4]);
  });

  test("a user who only comes later stays, without a history", async () => {
    const rows = [...series("old", 8), ...series("new", 2, 100)];
    const dataset = await split(rows, { kind: "global-time", validation: 0.1, test: 0.2 });

    expect(rolesOf(dataset)).toMatchObject({ new: ["test", "test"] });
  });
});

describe("leave-last-out", () => {
  test("holds out the newest; a short history gives its test event first and keeps one to train on", async () => {
    const rows = ["a", "bb", "ccc", "dddd", "eeeeee"].flatMap((user) => series(user, user.length));
    const dataset = await split(rows, { kind: "leave-last-out", validation: 2, test: 1 });

    expect(rolesOf(dataset)).toEqual({
      a: ["train"],
      bb: ["train", "test"],
      ccc: ["train", "validation", "test"],
      dddd: ["train", "validation", "validation", "test"],
      eeeeee: ["train", "train", "train", "validation", "validation", "test"],
    });
  });
});

describe("by-user", () => {
  test("shows the older share of a held-out user and hides at least one event", async () => {
    const rows = Array.from({ length: 60 }, (_, n) => series(`u${n}`, 1 + (n % 6))).flat();
    const dataset = await split(rows, { kind: "by-user", validation: 0.3, test: 0.3, foldIn: 0.5 });
    const users = Object.values(rolesOf(dataset));

    const kinds = { train: 0, validation: 0, test: 0 };
    for (const roles of users) {
      if (roles[0] === "train") {
        kinds.train++;
        expect(new Set(roles).size).toBe(1);
        continue;
      }
      const kind = roles[0] === "testHistory" ? "test" : "validation";
      kinds[kind]++;
      const shown = Math.max(1, Math.floor(roles.length / 2));
      expect(roles).toEqual(roles.map((_, place) => (place < shown ? `${kind}History` : kind)));
    }
    expect(kinds.train + kinds.validation + kinds.test).toBe(60);
    expect(Math.min(kinds.train, kinds.validation, kinds.test)).toBeGreaterThan(8);
  });

  test("another seed holds out other users; new users change nothing for the old", async () => {
    const config = { kind: "by-user", validation: 0.3, test: 0.3 };
    const [one, other, more] = [
      rolesOf(await split(population(40, 4), config)),
      rolesOf(await split(population(40, 4), config, 2)),
      rolesOf(await split(population(50, 4), config)),
    ];

    expect(other).not.toEqual(one);
    expect(Object.keys(more).length).toBe(50);
    expect(Object.fromEntries(Object.keys(one).map((user) => [user, more[user]]))).toEqual(one);
  });
});

describe("random", () => {
  test("gives about the share that was asked for", async () => {
    const { roles } = await split(population(100, 30), { kind: "random", validation: 0.1, test: 0.2 });
    const share = (role: EventRole) =>
      roles.reduce((sum, code) => sum + Number(code === eventRole[role]), 0) / roles.length;

    // 3,000 events: three standard deviations are 0.022 at most.
    expect(Math.abs(share("test") - 0.2)).toBeLessThan(0.022);
    expect(Math.abs(share("validation") - 0.1)).toBeLessThan(0.022);
    expect(share("train") + share("test") + share("validation")).toBeCloseTo(1, 12);
  });
});

describe("indexes", () => {
  test("go by train events alone, ties by the bytes of the id", async () => {
    const rows: Row[] = [
      ...["a", "b", "c"].flatMap((user): Row[] => [
        [user, "common", 1],
        [user, `only-${user}`, 2],
        [user, "held", 3],
        [user, "last", 4],
      ]),
      // As frequent as "common", but never in training.
      ["d", "Z", 1],
      ["d", "é", 2],
      ["d", "held", 3],
      ["d", "last", 4],
    ];
    const { itemIds, events, roles } = await split(rows, { kind: "leave-last-out" });

    expect(itemIds).toEqual(["common", "Z", "only-a", "only-b", "only-c", "é"]);
    for (const [at, item] of events.items.entries()) {
      expect(item === -1).toBe(roles[at] !== eventRole.train);
    }
  });
});
