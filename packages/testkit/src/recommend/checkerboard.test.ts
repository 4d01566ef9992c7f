import { eventRole } from "@attune/contracts";
import { parseDatasetManifest } from "@attune/contracts/manifest";
import { expect, test } from "vitest";
import { checkerboardDataset, datasetFrom, interactionsFrom } from "./checkerboard.ts";

test("a user's events are by time, ties in their order in the list; repeats stay, roles go along", () => {
  const events = [
    { user: 1, item: 2, timeMs: 5 },
    { user: 0, item: 1, timeMs: 9, role: "test" as const },
    { user: 0, item: 2, timeMs: 3, weight: 2 },
    { user: 0, item: 0, timeMs: 3, role: "validation" as const },
    { user: 0, item: 2, timeMs: 4 },
  ];
  const { measured, released, manifest } = datasetFrom(events, 3, 4);
  expect(measured.events).toEqual({
    userCount: 3,
    itemCount: 4,
    offsets: Int32Array.of(0, 4, 5, 5),
    items: Int32Array.of(2, 0, 2, 1, 2),
    weights: Float32Array.of(2, 1, 1, 1, 1),
    times: Float64Array.of(3, 3, 4, 9, 5),
  });
  const { train, validation, test } = eventRole;
  expect(measured.roles).toEqual(Uint8Array.of(train, validation, train, test, train));
  expect(released.events).toEqual(interactionsFrom(events, 3, 4));
  expect(manifest.roles).toMatchObject({ train: 3, validation: 1, test: 1 });
});

test("the board's manifest is one that a dataset folder could hold, and everyone has one event of each target role", () => {
  const { manifest, measured } = checkerboardDataset({ userCount: 6, itemCount: 10 });
  expect(parseDatasetManifest(JSON.parse(JSON.stringify(manifest)), "manifest.json")).toEqual(manifest);
  for (const role of [eventRole.validation, eventRole.test]) {
    expect(measured.roles.filter((own) => own === role)).toHaveLength(6);
  }
});
