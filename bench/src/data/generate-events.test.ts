import { describe, expect, test } from "vitest";
import { type EventsOptions, generateEvents } from "./generate-events.ts";

const options: EventsOptions = { events: 20_000, items: 1200, users: 500, seed: 5 };
const all = [...generateEvents(options)];

describe("generated events", () => {
  test("are the same for the same seed, and others for another", () => {
    expect([...generateEvents(options)]).toEqual(all);
    expect([...generateEvents({ ...options, seed: 6 })]).not.toEqual(all);
  });

  test("have the size that was asked for; an item stands once in a history, and times rise", () => {
    expect(all).toHaveLength(500);
    const count = all.reduce((sum, { items }) => sum + items.length, 0);
    expect(Math.abs(count - options.events)).toBeLessThanOrEqual(options.users);
    for (const { items, times } of all) {
      expect(new Set(items).size).toBe(items.length);
      expect([...times]).toEqual([...times].sort((a, b) => a - b));
      expect(Math.max(...items)).toBeLessThan(options.items);
      expect(items.length).toBeGreaterThanOrEqual(8);
    }
  });

  test("favour some items, and people keep to a taste: two events of one person share it more often than chance", () => {
    const counts = new Map<number, number>();
    for (const { items } of all) for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
    const sorted = [...counts.values()].sort((a, b) => b - a);
    const total = sorted.reduce((sum, one) => sum + one, 0);
    const head = sorted.slice(0, options.items / 10).reduce((sum, one) => sum + one, 0);
    expect(head / total).toBeGreaterThan(0.25);

    // How many people met both items of a pair, against the pair of two people who are no neighbours in the list.
    const togetherness = (pairs: readonly (readonly [number, number])[]) =>
      pairs.reduce((sum, [a, b]) => {
        return sum + all.filter(({ items }) => items.includes(a) && items.includes(b)).length;
      }, 0);
    const own = all.slice(0, 100).map(({ items }) => [items[0]!, items[1]!] as const);
    const mixed = own.map(([a], at) => [a, own[(at + 37) % own.length]![1]] as const);
    expect(togetherness(own)).toBeGreaterThan(1.3 * togetherness(mixed));
  });
});
