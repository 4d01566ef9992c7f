/** Changes to rows that are held out, and what training sees of a dataset: the two sides of every protocol property. */
import { type EventRole, eventRole, type RecommendDataset, schemaOf, takeRows } from "@attune/contracts";
import fc from "fast-check";

export interface HeldRow {
  readonly user: string;
  readonly item: string;
  /** Seconds; no two rows share one, unless a change copied them. */
  readonly time: number;
  /** What the column of a given split says. */
  readonly role: "train" | "validation" | "test";
}

/** First seconds of the roles, so that instants and a column say the same. */
export const roleBegins = { train: 0, validation: 1000, test: 2000 } as const;

export const users = ["ann", "bob", "cid", "dora", "eve", "fay", "gil", "hana", "ivo"];
export const items = ["q", "r", "s", "t", "w", "x", "y", "z"];

/** Few users and items, so that many a pair comes again in another role. */
export const heldRows: fc.Arbitrary<readonly HeldRow[]> = fc
  .array(
    fc.record({
      user: fc.constantFrom(...users),
      item: fc.constantFrom(...items.slice(0, 6)),
      role: fc.constantFrom<HeldRow["role"][]>("train", "train", "train", "validation", "test"),
    }),
    { minLength: 40, maxLength: 70, size: "max" },
  )
  .map((rows) => rows.map((row, n) => ({ ...row, time: roleBegins[row.role] + n })));

/** A way to change the held-out rows of a file. */
export type Change = "permute" | "repeat" | "add";

export const changeSeeds = fc.record({
  /** Numbers that a change draws from, in turn. */
  draws: fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 40, size: "max" }),
  kind: fc.nat(1_000),
});

/**
 * The rows with a change to those that are held out; all others keep their order and content.
 *
 * - `permute`: items change places among held-out rows.
 * - `repeat`: some held-out rows stand in the file once more: exactly, and again later.
 * - `add`: rows of held-out users, or of `newcomers`, with items of train and with new ones.
 */
export function changeHeld(
  rows: readonly HeldRow[],
  held: ReadonlySet<HeldRow>,
  change: Change,
  draws: readonly number[],
  newcomers: readonly string[],
): readonly HeldRow[] {
  const own = rows.filter((row) => held.has(row));
  const pick = <T>(list: readonly T[], at: number): T => list[draws[at % draws.length]! % list.length]!;
  if (change === "permute") {
    const order = own.map((row, at) => ({ item: row.item, key: draws[at % draws.length]! + at / 1000 }));
    order.sort((a, b) => a.key - b.key);
    const itemOf = new Map(own.map((row, at) => [row, order[at]!.item]));
    return rows.map((row) => ({ ...row, item: itemOf.get(row) ?? row.item }));
  }
  const more = Array.from({ length: 1 + (draws[0]! % 8) }, (_, n): HeldRow => {
    const row = pick(own, 4 * n + 1);
    const isExact = change === "repeat" && draws[(4 * n + 2) % draws.length]! % 2 === 0;
    return {
      ...row,
      time: isExact ? row.time : roleBegins[row.role] + 500 + n,
      ...(change === "add" && {
        user: pick([...new Set(own.map(({ user }) => user)), ...newcomers], 4 * n + 3),
        item: pick([...items, "new"], 4 * n + 4),
      }),
    };
  });
  const changed = [...rows];
  for (const [n, row] of more.entries()) changed.splice(pick([...changed.keys()], n), 0, row);
  return changed;
}

/** What may shape a fit: plain data, to be compared as a whole. */
export interface TrainingView {
  readonly itemIds: readonly string[];
  /** User and item with their indexes, weight, time and role, in order. */
  readonly events: readonly (string | number)[][];
  /** Features of items, and of the users above, with their levels. */
  readonly features?: unknown;
}

/** Roles that are seen before each split is ranked. */
const seenBefore: Readonly<Record<"validation" | "test", ReadonlySet<EventRole>>> = {
  validation: new Set(["train", "history"]),
  test: new Set(["train", "history", "validation", "validationRepeat", "validationHistory"]),
};

/** @param split - the one that is held out. */
export function viewTraining({ measured }: RecommendDataset, split: "validation" | "test"): TrainingView {
  const { events, roles, itemIds, userIds, itemFeatures, userFeatures } = measured;
  const codes = new Set(Array.from(seenBefore[split], (role): number => eventRole[role]));
  const seen: (string | number)[][] = [];
  const seenUsers: number[] = [];
  for (const [user, id] of userIds.entries()) {
    const before = seen.length;
    for (let at = events.offsets[user]!; at < events.offsets[user + 1]!; at++) {
      if (!codes.has(roles[at]!)) continue;
      seen.push([user, id, events.items[at]!, events.weights[at]!, events.times[at]!, roles[at]!]);
    }
    if (seen.length > before) seenUsers.push(user);
  }
  return {
    itemIds,
    events: seen,
    features: [
      itemFeatures,
      userFeatures && schemaOf(userFeatures),
      userFeatures && takeRows(userFeatures, Int32Array.from(seenUsers)),
    ],
  };
}
