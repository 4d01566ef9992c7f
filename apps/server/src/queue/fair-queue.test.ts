import fc from "fast-check";
import { expect, test } from "vitest";
import { createFairQueue } from "./fair-queue.ts";

/** Takes the first entry until the queue is empty. */
function drain(queue: ReturnType<typeof createFairQueue<string>>): string[] {
  const order: string[] = [];
  for (;;) {
    const [first] = queue.entries();
    if (first === undefined) return order;
    queue.take(new Set([first]));
    order.push(first.work);
  }
}

test("one client's work runs in the order it came", () => {
  const queue = createFairQueue<string>();
  for (const work of ["a", "b", "c"]) queue.push("client", 10, work);
  expect(drain(queue)).toEqual(["a", "b", "c"]);
});

test("a light request does not wait for the work of a heavy client", () => {
  const queue = createFairQueue<string>();
  for (const work of ["heavy 1", "heavy 2", "heavy 3"]) queue.push("heavy", 1000, work);
  expect(queue.costThrough("light", 10)).toBe(10);
  expect(queue.costThrough("heavy", 10)).toBe(3010);
  queue.push("light", 10, "light");
  expect(drain(queue)).toEqual(["light", "heavy 1", "heavy 2", "heavy 3"]);
});

test("a heavy client gets its share although light ones never cease", () => {
  const queue = createFairQueue<string>();
  queue.push("heavy", 1000, "heavy");
  let served = 0;
  for (;;) {
    queue.push(`light ${served}`, 10, "light");
    const [first] = queue.entries();
    queue.take(new Set([first!]));
    if (first!.work === "heavy") break;
    served++;
  }
  expect(served).toBeGreaterThan(10);
  expect(served).toBeLessThanOrEqual(100);
});

test("two busy clients share a lane by cost, not by number of requests", () => {
  const queue = createFairQueue<string>();
  for (let index = 0; index < 10; index++) {
    queue.push("large", 100, "large");
    for (let count = 0; count < 10; count++) queue.push("small", 10, "small");
  }
  const firstHalf = drain(queue).slice(0, 55);
  const largeCost = firstHalf.filter((work) => work === "large").length * 100;
  const smallCost = firstHalf.filter((work) => work === "small").length * 10;
  expect(Math.abs(largeCost - smallCost)).toBeLessThanOrEqual(100);
});

test("what is dropped is not charged to the lane", () => {
  const queue = createFairQueue<string>();
  queue.push("a", 10, "x");
  queue.push("b", 20, "y");
  queue.take(new Set([queue.entries()[1]!]));
  expect(queue.costUs).toBe(10);
  expect(queue.length).toBe(1);
});

test("nothing is lost, nothing runs twice, and no client's own order is changed", () => {
  const work = fc.array(fc.record({ client: fc.nat(4), cost: fc.integer({ min: 1, max: 500 }) }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(work, (asked) => {
      const queue = createFairQueue<string>();
      asked.forEach(({ client, cost }, index) => {
        queue.push(client, cost, `${client}:${index}`);
      });
      expect(queue.costUs).toBe(asked.reduce((sum, { cost }) => sum + cost, 0));
      const order = drain(queue);
      expect(order.toSorted()).toEqual(asked.map(({ client }, index) => `${client}:${index}`).toSorted());
      for (let client = 0; client <= 4; client++) {
        const own = order
          .filter((one) => one.startsWith(`${client}:`))
          .map((one) => Number(one.split(":")[1]));
        expect(own).toEqual(own.toSorted((a, b) => a - b));
      }
      expect(queue.costUs).toBe(0);
    }),
    { numRuns: Number(process.env.ATTUNE_RANDOM_CASES ?? 50) },
  );
});
