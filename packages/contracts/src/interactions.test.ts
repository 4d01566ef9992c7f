import { describe, expect, test } from "vitest";
import { distinctInteractions, type Interactions } from "./interactions.ts";

type Event = readonly [item: number, weight: number, time: number];

function interactionsOf(users: readonly (readonly Event[])[], itemCount = 5): Interactions {
  const events = users.flat();
  let end = 0;
  return {
    userCount: users.length,
    itemCount,
    offsets: Int32Array.of(0, ...users.map((own) => (end += own.length))),
    items: Int32Array.from(events, ([item]) => item),
    weights: Float32Array.from(events, ([, weight]) => weight),
    times: Float64Array.from(events, ([, , time]) => time),
  };
}

function eventsOf({ userCount, offsets, items, weights, times }: Interactions): Event[][] {
  return Array.from({ length: userCount }, (_, user) =>
    Array.from({ length: offsets[user + 1]! - offsets[user]! }, (_, place): Event => {
      const at = offsets[user]! + place;
      return [items[at]!, weights[at]!, times[at]!];
    }),
  );
}

const history: Event[] = [
  [3, 2, 10],
  [1, 1, 20],
  [3, 0.5, 30],
  [-1, 9, 40],
  [0, 1, 50],
  [3, 2, 60],
  [3, 0.25, 70],
];

describe("the distinct view", () => {
  test.each([
    ["last", [3, 0.25, 70]],
    // Of two that are equally heavy the newer one.
    ["highest", [3, 2, 60]],
    ["sum", [3, 4.75, 70]],
  ] as const)("weighs a repeated item by the rule %s", (rule, repeated) => {
    const view = distinctInteractions(interactionsOf([history, [], [[4, 1, 5]]]), rule);

    expect(eventsOf(view)).toEqual([[[0, 1, 50], [1, 1, 20], repeated], [], [[4, 1, 5]]]);
    expect(view).toMatchObject({ userCount: 3, itemCount: 5 });
  });

  test("rises by item, each once, and leaves what it was made from alone", () => {
    const many = Array.from({ length: 200 }, (_, n): Event => [(n * 7) % 11, 1, n]);
    const source = interactionsOf([many, many.slice(0, 3)], 11);
    const before = eventsOf(source);
    const view = distinctInteractions(source, "sum");

    expect(eventsOf(view)[0]!.map(([item]) => item)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(view.weights.reduce((sum, weight) => sum + weight)).toBe(203);
    expect(eventsOf(source)).toEqual(before);
  });

  test("of a distinct view is itself", () => {
    for (const rule of ["last", "highest", "sum"] as const) {
      const view = distinctInteractions(interactionsOf([history]), rule);
      expect(distinctInteractions(view, rule)).toEqual(view);
    }
  });
});
