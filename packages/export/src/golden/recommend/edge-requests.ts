/** The requests that break runtimes: one of each kind, made from the catalogue itself. */
import type { RawValue } from "@attune/contracts";
import type { ColumnUse, RecommendFragment } from "@attune/features";
import type { Random } from "@attune/numeric";
import type { RequestLimits } from "../../graph/recommend/recommend-graph.ts";
import type { DisclosureRule } from "../made-up/disclosure.ts";
import { unknownLevel } from "../unknown-level.ts";
import type { ReferenceRequest } from "./reference.ts";

export interface NamedRequest extends ReferenceRequest {
  /** What the row is for. */
  readonly name: string;
}

export interface EdgeInput {
  readonly itemIds: readonly string[];
  readonly limits: RequestLimits;
  readonly fragment: RecommendFragment;
  /** What no history may break, drawn ones included. */
  readonly rule: DisclosureRule;
  readonly random: Random;
}

/** Makes a request within the limits: weights 1, nothing excluded, everything allowed. */
type MakeRequest = (name: string, history: readonly string[], more?: Partial<NamedRequest>) => NamedRequest;

interface EdgeContext extends EdgeInput {
  readonly request: MakeRequest;
  /** Some items, as many as asked for or as the limit allows, of all or of a part of the catalogue. */
  readonly draw: (count: number, pool?: number) => readonly string[];
  readonly unknownIds: readonly string[];
}

const defaultK = 10;

/** Edge requests in a fixed order; drawn items depend on the seed only. All stay within the limits. */
export function createEdgeRequests(input: EdgeInput): readonly NamedRequest[] {
  const { itemIds, limits } = input;
  const context: EdgeContext = {
    ...input,
    unknownIds: createUnknownIds(itemIds),
    draw: (count, pool = itemIds.length) =>
      drawAnonymous(input, Math.min(count, limits.maxHistory), itemIds.slice(0, pool)),
    request: (name, history, more = {}) => ({
      name,
      history: history.slice(0, limits.maxHistory),
      weights: history.slice(0, limits.maxHistory).map(() => 1),
      exclude: [],
      allow: [],
      k: kOf(limits, defaultK),
      ...more,
    }),
  };
  return [
    ...historyRows(context),
    ...listRows(context),
    ...allowRows(context),
    ...timeRows(context),
    ...featureRows(context),
  ];
}

/** How many draws are tried before a history repeats so few items that it points at nobody. */
const maxDraws = 64;

function drawAnonymous({ random, rule }: EdgeInput, count: number, pool: readonly string[]) {
  const draw = () => Array.from({ length: count }, () => pool[random.integer(pool.length)]!);
  for (let attempt = 0; attempt < maxDraws; attempt++) {
    const ids = draw();
    if (rule.isAnonymous(ids)) return ids;
  }
  const few = rule.shorten(draw());
  return Array.from({ length: count }, (_, at) => few[at % few.length]!);
}

function kOf(limits: RequestLimits, wanted: number): number {
  return Math.max(1, Math.min(wanted, limits.maxK));
}

/** Empty, unknown, weighted, repeated, in another order, as long as can be, of odd ids. */
function historyRows({ itemIds, limits, rule, request, draw, unknownIds }: EdgeContext) {
  const some = draw(6);
  const [a = "", b = a, c = a] = draw(3);
  const repeated = [a, b, a, c, a, b].slice(0, limits.maxHistory);
  // The newest weight of `a` is neither its largest nor its smallest: the rules of repeats differ.
  const weights = [0.5, 1, 3, 2, 1.25, 0.25].slice(0, limits.maxHistory);
  const odd = itemIds.filter((id) => !/^[\w-]+$/.test(id)).slice(0, 8);
  const pool = Math.max(1, Math.floor(itemIds.length / 2));
  return [
    request("empty", []),
    request("empty-exclude", [], { exclude: itemIds.slice(0, Math.min(3, limits.maxExclude)) }),
    request("unknown-ids", unknownIds),
    request("unknown-among-known", interleave(draw(4), unknownIds)),
    request("weights", some, { weights: some.map((_, at) => 0.25 * (at + 1)) }),
    request("order", some.toReversed(), { weights: some.map((_, at) => 0.25 * (at + 1)).reverse() }),
    request("repeats", repeated, { weights }),
    request("repeats-reversed", repeated.toReversed(), { weights: weights.toReversed() }),
    // From half of the catalogue, so that something is left to return.
    request("long-history", draw(limits.maxHistory, pool)),
    ...(odd.length > 0 ? [request("odd-ids", rule.isAnonymous(odd) ? odd : rule.shorten(odd))] : []),
  ];
}

/** What is excluded, and how much is asked for. */
function listRows({ itemIds, limits, request, draw, unknownIds }: EdgeContext) {
  const allButThree = itemIds.slice(Math.min(3, itemIds.length));
  const canBeShort = allButThree.length > 0 && allButThree.length <= limits.maxExclude;
  return [
    request("exclude", draw(5), { exclude: itemIds.slice(0, Math.min(20, limits.maxExclude)) }),
    ...(canBeShort ? [request("short-list", allButThree.slice(-1), { exclude: allButThree })] : []),
    request("exclude-unknown", draw(3), { exclude: unknownIds.slice(0, limits.maxExclude) }),
    request("k-1", draw(5), { k: 1 }),
    request("k-max", draw(3), { k: kOf(limits, itemIds.length + 5) }),
  ];
}

/** Lists restricted to some items, to unknown ones, and to some of which a part is excluded. */
function allowRows({ itemIds, limits, request, draw, unknownIds }: EdgeContext) {
  const some = itemIds.filter((_, index) => index % 3 === 1 || itemIds.length < 4).slice(0, 30);
  const cut = (ids: readonly string[]) => ids.slice(0, limits.maxAllow);
  const history = draw(4);
  return [
    request("allow", history, { allow: cut(some) }),
    request("allow-empty-history", [], { allow: cut(some.toReversed()) }),
    request("allow-unknown-among-known", history, { allow: cut(interleave(some, unknownIds)) }),
    request("allow-unknown-only", history, { allow: cut(unknownIds) }),
    request("allow-with-exclude", history, {
      allow: cut(some),
      exclude: some.slice(0, Math.min(2, limits.maxExclude)),
    }),
    request("allow-history", history, { allow: cut(history) }),
  ];
}

/** Times apart by seconds and by years, equal, out of order, and none; where the graph takes them. */
function timeRows({ fragment, request, draw }: EdgeContext): readonly NamedRequest[] {
  if (!(fragment.needs ?? []).includes("time")) return [];
  const history = draw(6);
  const newest = 1_700_000_000;
  const row = (name: string, timeAt: (place: number) => number) =>
    request(name, history, { times: history.map((_, at) => timeAt(at)) });
  return [
    row("times-seconds", (at) => newest + at),
    row("times-years", (at) => newest - 31_556_952 * (history.length - 1 - at)),
    row("times-equal", () => newest),
    row("times-out-of-order", (at) => newest + (at % 2 === 0 ? -86_400 * at : 3_600.5)),
    row("times-before-1970", (at) => -86_400 * (history.length - at)),
  ];
}

/** Columns that are missing, unknown, and of each kind of known value; where the graph takes any. */
function featureRows({ fragment, request, draw }: EdgeContext): readonly NamedRequest[] {
  const { columns = [] } = fragment;
  if (columns.length === 0) return [];
  const history = draw(4);
  const row = (name: string, read: (column: ColumnUse) => RawValue) =>
    request(name, history, {
      features: Object.fromEntries(columns.map((column) => [column.name, read(column)])),
    });
  return [
    row("features-missing", () => null),
    row("features-unknown", ({ kind }) =>
      kind === "number" ? 1e6 : kind === "set" ? [unknownLevel] : unknownLevel,
    ),
    row("features-first", ({ kind, levels = [] }) =>
      kind === "number" ? 0 : kind === "set" ? levels.slice(0, 1) : (levels[0] ?? "some text"),
    ),
    row("features-last", ({ kind, levels = [] }) =>
      kind === "number" ? -1.5 : kind === "set" ? levels.slice(-3) : (levels.at(-1) ?? "日本 text"),
    ),
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
