/** Who had which item: what golden histories are sampled from, and held against so that none of them is a person's. */
import type { Interactions, Table } from "@attune/contracts";
import { type Random, transposeRows } from "@attune/numeric";

/** The events a model was fitted on. */
export interface People {
  /** Item indexes are those of the exported catalogue. */
  readonly events: Interactions;
  /** `[users]` columns that a model may read. */
  readonly userFeatures?: Table;
}

/** The same events, by item and by person. */
export interface Crowd {
  /** An item, as likely as its share of all events; undefined when there is no event. */
  drawItem(random: Random): number | undefined;
  /** One of the items of somebody who had `item`, drawn afresh each time: a step along the counts of co-occurrence. */
  drawCompanion(item: number, random: Random): number | undefined;
  /** How many people had every one of these distinct items; counting ends at `limit`. */
  countHolders(items: readonly number[], limit: number): number;
}

export function createCrowd({ userCount, itemCount, offsets, items, weights }: Interactions): Crowd {
  const peopleOf = transposeRows({
    rowCount: userCount,
    columnCount: itemCount,
    offsets,
    columns: items,
    values: weights,
  });
  const peopleCount = (item: number) => peopleOf.offsets[item + 1]! - peopleOf.offsets[item]!;

  /** An event of somebody, if its item is in the catalogue. */
  function drawEvent(start: number, end: number, random: Random): number | undefined {
    for (let attempt = 0; attempt < 32 && end > start; attempt++) {
      const item = items[start + random.integer(end - start)]!;
      if (item >= 0) return item;
    }
    return undefined;
  }

  /** Whether a person had them all. */
  function holds(person: number, wanted: ReadonlySet<number>): boolean {
    const found = new Set<number>();
    for (let at = offsets[person]!; at < offsets[person + 1]! && found.size < wanted.size; at++) {
      if (wanted.has(items[at]!)) found.add(items[at]!);
    }
    return found.size === wanted.size;
  }

  return {
    drawItem: (random) => drawEvent(0, items.length, random),
    drawCompanion(item, random) {
      const people = peopleCount(item);
      if (people === 0) return undefined;
      const person = peopleOf.columns[peopleOf.offsets[item]! + random.integer(people)]!;
      return drawEvent(offsets[person]!, offsets[person + 1]!, random);
    },
    countHolders(asked, limit) {
      const [rarest] = asked.toSorted((a, b) => peopleCount(a) - peopleCount(b));
      if (rarest === undefined) return 0;
      const wanted = new Set(asked);
      let count = 0;
      let before = -1;
      for (let at = peopleOf.offsets[rarest]!; at < peopleOf.offsets[rarest + 1]!; at++) {
        const person = peopleOf.columns[at]!;
        // Who had it several times stands here several times, in a row.
        if (person === before) continue;
        before = person;
        if (holds(person, wanted)) count += 1;
        if (count >= limit) break;
      }
      return count;
    },
  };
}
