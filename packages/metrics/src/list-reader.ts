/** Checks one user's list and relevant items against the catalogue, and joins them rank by rank. Used by `evaluation.ts`. */
import { AttuneError } from "@attune/contracts";
import { givenTwice } from "./list-metrics.ts";

/** Bits of the groups an item can be relevant in, as `measureHits` takes them. */
export const headBit = 1;
export const tailBit = 2;

/** One list joined with what is relevant. */
export interface JoinedList {
  /** Per rank the group bit its item is relevant in; 0 is a miss. */
  readonly hits: Uint8Array;
  readonly headCount: number;
  /** With the relevant items that are not in the catalogue. */
  readonly tailCount: number;
}

export interface ListReader {
  /** @throws {AttuneError} `METRICS_ARGUMENT` for an index out of range or an item ranked twice. */
  read(user: number, ranked: Int32Array, relevant: Int32Array): JoinedList;
}

/** @param head - `[items]` flags from `markHeadItems`. */
export function createListReader(head: Uint8Array): ListReader {
  const itemCount = head.length;
  /** `[items]` group bits of the current user's relevant items; all 0 between users. */
  const marks = new Uint8Array(itemCount);
  /** `[items]` serial number of the last list that ranked the item. */
  const rankedIn = new Int32Array(itemCount);
  let serial = 0;

  /** All items must lie in `[lowest, itemCount)`. */
  function checkIndexes(what: string, items: Int32Array, lowest: number): void {
    const bad = items.findIndex((item) => item < lowest || item >= itemCount);
    if (bad < 0) return;
    throw new AttuneError("METRICS_ARGUMENT", {
      what: `${what}[${bad}]`,
      expected: `an item index in [${lowest}, ${itemCount})`,
      actual: String(items[bad]),
    });
  }

  function read(user: number, ranked: Int32Array, relevant: Int32Array): JoinedList {
    checkIndexes("relevant", relevant, -1);
    checkIndexes("ranked", ranked, 0);
    serial++;
    for (const item of ranked) {
      if (rankedIn[item] === serial) throw givenTwice(`ranked of user ${user}`, `item ${item} twice`);
      rankedIn[item] = serial;
    }
    let headCount = 0;
    let tailCount = 0;
    for (const item of relevant) {
      if (item < 0) tailCount++;
      if (item < 0 || marks[item] !== 0) continue;
      const isHead = head[item] === 1;
      marks[item] = isHead ? headBit : tailBit;
      if (isHead) headCount++;
      else tailCount++;
    }
    const hits = Uint8Array.from(ranked, (item) => marks[item]!);
    for (const item of relevant) if (item >= 0) marks[item] = 0;
    return { hits, headCount, tailCount };
  }

  return { read };
}
