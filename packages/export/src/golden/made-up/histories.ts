/** Histories that could be somebody's and are nobody's: random walks over what people had together. */
import type { RawValue, Table } from "@attune/contracts";
import type { ColumnUse } from "@attune/features";
import type { Random } from "@attune/numeric";
import { readDeciles } from "./deciles.ts";
import type { DisclosureRule } from "./disclosure.ts";
import type { Crowd, People } from "./people.ts";
import { createMadeUpRows } from "./rows.ts";

/** A history as a request would send it. */
export interface MadeUpHistory {
  /** Oldest first, each item once. */
  readonly ids: readonly string[];
  /** Same length as `ids`, > 0. */
  readonly weights: readonly number[];
  /** Epoch seconds, same length as `ids`, rising. */
  readonly times: readonly number[];
  /** One value a column that the model reads. */
  readonly features: Readonly<Record<string, RawValue>>;
}

export interface HistorySource {
  readonly people: People;
  readonly crowd: Crowd;
  readonly rule: DisclosureRule;
  readonly itemIds: readonly string[];
  /** Columns that the model reads. */
  readonly columns: readonly ColumnUse[];
  /** Longest history, in items. */
  readonly maxHistory: number;
  readonly random: Random;
}

/** How many walks are tried before a history is cut to so little that it points at nobody. */
const maxWalks = 40;
/** The share of steps to an item of no relation to the one before, in the first walk; the last one takes nothing else. */
const firstJumpShare = 0.15;
/** Draws of one step: an item of the walk is not taken again. */
const maxDraws = 8;

const newestTime = 1_700_000_000;
const [shortestGapSeconds, longestGapSeconds] = [30, 30 * 86_400];

/**
 * As many histories as asked for; none where the data has no event. Lengths and weights follow the tenths of the data,
 * rounded; times are invented, and each column is drawn on its own.
 */
export function createMadeUpHistories(source: HistorySource, count: number): readonly MadeUpHistory[] {
  const { people, columns, random } = source;
  const { events, userFeatures } = people;
  const lengths = readDeciles(lengthsOf(events.offsets)).map(roundToStep);
  const weights = readDeciles(Float64Array.from(events.weights)).map((weight) =>
    Number(weight.toPrecision(2)),
  );
  if (weights.length === 0) return [];
  const table: Table = userFeatures ?? { rowCount: 0, columns: [] };
  const rows = columns.length === 0 ? [] : createMadeUpRows({ table, columns, random }, count);
  return Array.from({ length: count }, (_, at) => {
    const ids = drawAnonymous(source, lengths[random.integer(lengths.length)]!);
    return {
      ids,
      weights: ids.map(() => weights[random.integer(weights.length)]!),
      times: createTimes(ids.length, random),
      features: rows[at] ?? Object.fromEntries(columns.map(({ name }) => [name, null])),
    };
  });
}

/** Walks that leave the paths of people more and more, until one is nobody's. */
function drawAnonymous(source: HistorySource, wanted: number): readonly string[] {
  const { itemIds, maxHistory, rule } = source;
  // Half of the catalogue at most: something must be left to recommend.
  const length = Math.max(1, Math.min(wanted, maxHistory, Math.floor(itemIds.length / 2)));
  let ids: readonly string[] = [];
  for (let walk = 0; walk < maxWalks; walk++) {
    const jumpShare = firstJumpShare + ((1 - firstJumpShare) * walk) / (maxWalks - 1);
    ids = drawWalk(source, length, jumpShare).map((item) => itemIds[item]!);
    if (rule.isAnonymous(ids)) return ids;
  }
  return rule.shorten(ids);
}

/** Distinct items: the first by popularity, each next one a companion of the one before, or a jump. */
function drawWalk({ crowd, random }: HistorySource, length: number, jumpShare: number): readonly number[] {
  const walk: number[] = [];
  while (walk.length < length) {
    const next = drawNew(walk, () => {
      const last = walk.at(-1);
      return last === undefined || random.uniform() < jumpShare
        ? crowd.drawItem(random)
        : crowd.drawCompanion(last, random);
    });
    if (next === undefined) break;
    walk.push(next);
  }
  return walk;
}

function drawNew(walk: readonly number[], draw: () => number | undefined): number | undefined {
  for (let attempt = 0; attempt < maxDraws; attempt++) {
    const item = draw();
    if (item !== undefined && !walk.includes(item)) return item;
  }
  return undefined;
}

/** Gaps from half a minute to a month, as many short as long ones, up to a moment that is nobody's. */
function createTimes(length: number, random: Random): readonly number[] {
  const times = [newestTime];
  while (times.length < length) {
    const gap = shortestGapSeconds * (longestGapSeconds / shortestGapSeconds) ** random.uniform();
    times.unshift(times[0]! - Math.round(gap));
  }
  return times.slice(0, length);
}

function lengthsOf(offsets: Int32Array): Float64Array {
  return Float64Array.from({ length: offsets.length - 1 }, (_, user) => offsets[user + 1]! - offsets[user]!);
}

/** To 1, 2, 3, 5, 10, 20, 30, 50, …: the lengths of many people, not the length of one. */
function roundToStep(length: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(length, 1)));
  const lead = Math.max(length, 1) / power;
  return power * (lead < 1.5 ? 1 : lead < 2.5 ? 2 : lead < 4 ? 3 : lead < 7.5 ? 5 : 10);
}
