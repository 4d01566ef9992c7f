/** The requests that break runtimes: one of each kind, made from the catalogue itself. */
import type { Random } from "@attune/numeric";
import type { RequestLimits } from "../graph/recommend-model.ts";
import type { ReferenceRequest } from "./reference.ts";

export interface NamedRequest extends ReferenceRequest {
  /** What the row is for. */
  readonly name: string;
}

export interface EdgeInput {
  readonly itemIds: readonly string[];
  readonly limits: RequestLimits;
  readonly random: Random;
}

const defaultK = 10;

/** Edge requests in a fixed order; drawn items depend on the seed only. All stay within the limits. */
export function createEdgeRequests({ itemIds, limits, random }: EdgeInput): readonly NamedRequest[] {
  const unknownIds = createUnknownIds(itemIds);
  const draw = (count: number) =>
    Array.from(
      { length: Math.min(count, limits.maxHistory) },
      () => itemIds[random.integer(itemIds.length)]!,
    );
  const kOf = (wanted: number) => Math.max(1, Math.min(wanted, limits.maxK));
  const request = (name: string, history: readonly string[], more: Partial<NamedRequest> = {}) => ({
    name,
    history: history.slice(0, limits.maxHistory),
    weights: history.slice(0, limits.maxHistory).map(() => 1),
    exclude: [],
    k: kOf(defaultK),
    ...more,
  });

  const some = draw(6);
  const repeated = [some[0]!, some[1] ?? some[0]!, some[0]!, some[2] ?? some[0]!, some[0]!];
  const repeatWeights = [0.5, 1, 3, 2, 1.25];
  const odd = itemIds.filter((id) => !/^[\w-]+$/.test(id)).slice(0, 8);
  const repeatCount = Math.min(repeated.length, limits.maxHistory);
  return [
    request("empty", []),
    request("empty-exclude", [], { exclude: itemIds.slice(0, Math.min(3, limits.maxExclude)) }),
    request("unknown-ids", unknownIds),
    request("unknown-among-known", interleave(draw(4), unknownIds)),
    request("weights", some, { weights: some.map((_, at) => 0.25 * (at + 1)) }),
    request("repeats", repeated, {
      weights: repeatWeights.slice(0, repeatCount),
    }),
    request("exclude", draw(5), { exclude: itemIds.slice(0, Math.min(20, limits.maxExclude)) }),
    ...shortList(itemIds, limits, request),
    request("exclude-unknown", draw(3), { exclude: unknownIds.slice(0, limits.maxExclude) }),
    request("k-1", draw(5), { k: 1 }),
    request("k-max", draw(3), { k: kOf(itemIds.length + 5) }),
    request("long-history", longHistory(itemIds, limits, random)),
    ...(odd.length > 0 ? [request("odd-ids", odd)] : []),
  ];
}

/** Ids that no catalogue should know, of every kind that gets lost on the way: other scripts, commas, spaces, case. */
function createUnknownIds(itemIds: readonly string[]): readonly string[] {
  const known = new Set(itemIds);
  const id = itemIds[0]!;
  return [
    `${id} `,
    ` ${id}`,
    "no such item",
    "a,b",
    "日本語",
    "👩‍👩‍👧 emoji",
    '"quoted"',
    "null",
    "-1",
  ].filter((candidate) => !known.has(candidate));
}

function interleave(a: readonly string[], b: readonly string[]): readonly string[] {
  return a.flatMap((value, at) => (b[at] === undefined ? [value] : [b[at], value]));
}

/** All but three items excluded: the list is shorter than k. Left out where the limit does not allow it. */
function shortList(
  itemIds: readonly string[],
  limits: RequestLimits,
  request: (name: string, history: readonly string[], more: Partial<NamedRequest>) => NamedRequest,
): readonly NamedRequest[] {
  const exclude = itemIds.slice(Math.min(3, itemIds.length));
  if (exclude.length === 0 || exclude.length > limits.maxExclude) return [];
  return [request("short-list", exclude.slice(-1), { exclude })];
}

/** The longest history allowed, from half of the catalogue so that something is left to return. */
function longHistory(itemIds: readonly string[], limits: RequestLimits, random: Random): readonly string[] {
  const pool = Math.max(1, Math.floor(itemIds.length / 2));
  return Array.from({ length: limits.maxHistory }, () => itemIds[random.integer(pool)]!);
}
