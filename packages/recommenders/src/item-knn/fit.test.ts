import { checkerboard, interactionsFrom } from "@attune/testkit";
import { expect, test } from "vitest";
import { tableFromTensors } from "../neighbour-table/table.ts";
import { fitItemKnn } from "./fit.ts";

test.each([0, 3])("similarity is the cosine shrunk by %i mean squared weights", async (shrinkage) => {
  const events = checkerboard({ userCount: 9, itemCount: 7 }).map((event) => ({
    ...event,
    weight: 1 + ((event.user * 5 + event.item) % 4),
  }));
  const interactions = interactionsFrom(events, 9, 7);
  const table = tableFromTensors(await fitItemKnn(interactions, { neighbours: 6, shrinkage }, { seed: 1 }));

  const columns = Array.from({ length: 7 }, (_, item) =>
    Array.from({ length: 9 }, (_, user) => {
      return events.find((event) => event.user === user && event.item === item)?.weight ?? 0;
    }),
  );
  const dot = (a: number, b: number) =>
    columns[a]!.reduce((sum, weight, user) => sum + weight * columns[b]![user]!, 0);
  const unit = events.reduce((sum, event) => sum + event.weight ** 2, 0) / events.length;
  for (let item = 0; item < 7; item++) {
    const found = new Map<number, number>();
    for (let n = item * 6; n < (item + 1) * 6; n++) {
      if (table.weights[n] !== 0) found.set(table.indexes[n]!, table.weights[n]!);
    }
    for (let other = 0; other < 7; other++) {
      const cosine = dot(item, other) / (Math.sqrt(dot(item, item) * dot(other, other)) + shrinkage * unit);
      expect(found.get(other) ?? 0).toBeCloseTo(other === item ? 0 : cosine, 6);
    }
  }
});
