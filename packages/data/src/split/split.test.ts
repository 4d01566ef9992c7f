import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EventRole, eventRole, type MeasuredInteractions } from "@attune/contracts";
import { describe, expect, test } from "vitest";
import { loadDataset } from "../load.ts";
import { createProject, formatCsv, gridConfig } from "../testing/project.ts";

type Row = readonly [user: string, item: string, time: number];

const columns = { user: "user", item: "item", time: "time" };

/** Repeats are kept, so that each event shows the role that its split gave. */
async function split(rows: readonly Row[], config: object, seed = 1): Promise<MeasuredInteractions> {
  using project = createProject({ "events.csv": formatCsv(["user", "item", "time"], rows) });
  const rules = { ...gridConfig.rules, repeats: "keep" };
  const data = { ...gridConfig, rules, events: { path: "events.csv", columns }, split: config };
  return (await loadDataset((await project.prepare(data, { seed })).dir)).measured;
}

const roleNames = Object.fromEntries(Object.entries(eventRole).map(([name, code]) => [code, name])) as Record<
  number,
  EventRole
>;

/** Roles of each user's events, oldest first. */
function rolesOf({ userIds, events, roles }: MeasuredInteractions): Record<string, EventRole[]> {
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
  const timesOf = ({ events, roles }: MeasuredInteractions, role: EventRole) =>
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

  test("at the instants that the config names, whatever lies between them", async () => {
    const config = {
      kind: "global-time",
      validationFrom: "1970-01-01T00:00:05Z",
      testFrom: "1970-01-01T02:00:08+02:00",
    };
    const dataset = await split(rowsAt([1, 2, 3, 4, 5, 7, 8, 99]), config);

    expect(timesOf(dataset, "train")).toEqual([1, 2, 3, 4]);
    expect(timesOf(dataset, "validation")).toEqual([5, 7]);
    expect(timesOf(dataset, "test")).toEqual([8, 99]);
  });

  test("is the default where events have a time, a tenth each", async () => {
    const rows = Array.from({ length: 120 }, (_, n): Row => [`u${n % 4}`, `i${n % 13}`, n]);
    using project = createProject({ "events.csv": formatCsv(["user", "item", "time"], rows) });
    const events = { path: "events.csv", columns };
    const rules = { ...gridConfig.rules, repeats: "keep" };
    const timed = (await project.prepare({ events, rules })).manifest;
    const { time: _, ...untimedColumns } = columns;
    const untimed = await project.prepare({ events: { ...events, columns: untimedColumns }, rules });

    expect(timed).toMatchObject({
      split: { kind: "global-time", validation: 0.1, test: 0.1 },
      roles: { train: 96, validation: 12, test: 12 },
    });
    expect(untimed.manifest.split).toEqual({ kind: "random", validation: 0.1, test: 0.1 });
  });

  test("a user who only comes later stays, without a history", async () => {
    const rows = [...series("old", 8), ...series("other", 8), ...series("new", 4, 100)];
    const dataset = await split(rows, { kind: "global-time", validation: 0.1, test: 0.2 });

    expect(rolesOf(dataset)).toMatchObject({ new: ["test", "test", "test", "test"] });
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

describe("repeats and ties", () => {
  test("leave-last-out takes a repeat for an event, and copies of a row for one", async () => {
    const rows: Row[] = [
      ["a", "i0", 1],
      ["a", "i1", 2],
      ["a", "i0", 3],
      ["a", "i0", 4],
      ["a", "i0", 4],
      ...series("b", 4),
    ];
    const dataset = await split(rows, { kind: "leave-last-out" });

    expect(rolesOf(dataset).a).toEqual(["train", "train", "validation", "test"]);
  });

  test("events of a user that share one time go by their row in the file", async () => {
    const rows: Row[] = [
      ...["z", "y", "x", "w"].map((item): Row => ["a", item, 7]),
      ...["w", "x", "y", "z"].map((item): Row => ["b", item, 7]),
      ...["x", "z", "w", "y"].map((item, n): Row => ["c", item, n]),
    ];
    using project = createProject({ "events.csv": formatCsv(["user", "item", "time"], rows) });
    const data = { ...gridConfig, events: { path: "events.csv", columns } };
    const { dir, manifest } = await project.prepare(data);
    const { measured, released } = await loadDataset(dir);
    const itemsOf = (user: number) =>
      Array.from(
        released.events.items.subarray(released.events.offsets[user], released.events.offsets[user + 1]),
        (item) => released.itemIds[item],
      );

    expect([itemsOf(0), itemsOf(1), itemsOf(2)]).toEqual([
      ["z", "y", "x", "w"],
      ["w", "x", "y", "z"],
      ["x", "z", "w", "y"],
    ]);
    expect(rolesOf(measured).a).toEqual(["train", "train", "validation", "test"]);
    expect(manifest.notes).toContain(
      "2 users have several events that all share one time: file order is taken as their order.",
    );
  });
});

describe("given", () => {
  const header = ["user", "item", "time"];
  const train: Row[] = [
    ["a", "i0", 1],
    ["a", "i1", 2],
    ["b", "i0", 3],
    ["b", "i2", 4],
  ];
  const data = { ...gridConfig, events: { path: "train.csv", columns } };

  test("by files: their rows follow those of train, and the manifest names them", async () => {
    using project = createProject({
      "train.csv": formatCsv(header, train),
      "validation.csv": formatCsv(["time", "item", "user"], [[5, "i1", "b"]]),
      "test.csv": formatCsv(header, [["a", "i2", 6]]),
    });
    const split = { kind: "given", validationFile: "validation.csv", testFile: "test.csv" };
    const { dir, manifest } = await project.prepare({ ...data, split });
    const { measured } = await loadDataset(dir);

    expect(rolesOf(measured)).toEqual({
      a: ["train", "train", "test"],
      b: ["train", "train", "validation"],
    });
    expect(manifest.source).toMatchObject({ file: "train.csv", rows: 4 });
    expect(manifest.splitFiles).toEqual({
      validation: { file: "validation.csv", rows: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      test: { file: "test.csv", rows: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  test("without validation rows the newest share of train is carved off", async () => {
    using project = createProject({
      "train.csv": formatCsv(header, train),
      "test.csv": formatCsv(header, [["a", "i2", 6]]),
    });
    const split = { kind: "given", testFile: "test.csv", carve: 0.25 };
    const { dir } = await project.prepare({ ...data, split });

    expect(rolesOf((await loadDataset(dir)).measured)).toEqual({
      a: ["train", "train", "test"],
      b: ["train", "validation"],
    });
  });

  test("a changed test file is another dataset", async () => {
    using project = createProject({
      "train.csv": formatCsv(header, train),
      "test.csv": formatCsv(header, [["a", "i2", 6]]),
    });
    const split = { kind: "given", testFile: "test.csv", carve: 0.25 };
    const first = await project.prepare({ ...data, split });
    writeFileSync(join(project.dir, "test.csv"), formatCsv(header, [["a", "i2", 7]]));

    expect((await project.prepare({ ...data, split })).manifest.key).not.toBe(first.manifest.key);
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
