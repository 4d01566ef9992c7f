/** Rules that suit the file: weights of types, what counts as a like, repeats, and how dense the events must be. */
import type { CoreOptions, CoreSurvey, EventsSurvey } from "@attune/data";
import { guessWeights, ordinaryWeight, purchaseTypes } from "./event-weights.ts";
import { cutText, formatCount, formatShare } from "./figures.ts";
import type { FurtherColumns } from "./further-columns.ts";
import type { DataInput, Guess } from "./guess.ts";

type Rules = NonNullable<DataInput["rules"]>;

export interface RulesGuess {
  readonly rules: Rules;
  readonly guesses: readonly Guess[];
  readonly notes: readonly string[];
}

/** Scales of ratings by their largest value, and from which rating on an item is liked. */
const likes: ReadonlyMap<number, number> = new Map([
  [5, 4],
  [10, 7],
]);

/** A larger share of pairs that come back is of things that are bought again. */
const clearRepeats = 0.3;

/** The k-core of every config, and that of a file of which the first leaves less than this share. */
const ordinaryMinimum = 5;
const sparseMinimum = 2;
const sparseShare = 0.3;

export async function guessRules(
  survey: EventsSurvey,
  columns: { readonly user: string; readonly item: string } & FurtherColumns,
): Promise<RulesGuess> {
  const weights = guessTypeWeights(columns);
  const like = guessLike(columns);
  const { user, item, type, rating } = columns;
  // Events that the rules keep.
  const kept: CoreOptions = {
    user,
    item,
    ...(type && weights.counted && { types: { column: type.choice.column, values: weights.counted } }),
    ...(rating && like.least !== undefined && { rated: { column: rating.choice.column, least: like.least } }),
  };
  const core = await survey.core({ ...kept, minimum: ordinaryMinimum });
  const minimum = await guessMinimum(survey, kept, core);
  const repeats = await guessRepeats(survey, columns, core);
  return {
    rules: {
      duplicates: "last",
      repeats: repeats.length > 0 ? "keep" : "drop",
      ...(weights.eventWeights && { eventWeights: weights.eventWeights }),
      ...(like.least !== undefined && { minRating: like.least }),
      minUserEvents: minimum.value,
      minItemEvents: minimum.value,
    },
    guesses: [...weights.guesses, ...like.guesses, ...minimum.guesses, ...repeats],
    notes: like.notes,
  };
}

function guessTypeWeights({ type }: FurtherColumns) {
  if (type === undefined) return { eventWeights: undefined, counted: undefined, guesses: [] };
  const values = type.survey.values.map(({ value }) => value);
  const eventWeights = guessWeights(values);
  const listed = type.survey.values.map(({ value, count }) => {
    return `${JSON.stringify(cutText(value))} ${eventWeights[value]} (${formatCount(count)} rows)`;
  });
  const unknown = values.filter((value) => ordinaryWeight(value) === undefined);
  const text = [
    `weights are a guess: ${listed.join(", ")}`,
    ...(unknown.length > 0 ? ["names that are not known weigh 1"] : []),
    "0 leaves events out; change them under data.rules.eventWeights",
  ].join("; ");
  return {
    eventWeights,
    counted: values.filter((value) => eventWeights[value]! > 0),
    guesses: [{ setting: "data.rules.eventWeights", value: eventWeights, text }],
  };
}

function guessLike({ rating }: FurtherColumns): {
  least: number | undefined;
  guesses: readonly Guess[];
  notes: readonly string[];
} {
  if (rating === undefined) return { least: undefined, guesses: [], notes: [] };
  const { min, max, count } = rating.survey;
  const least = min >= 0 && count > 1 ? likes.get(max) : undefined;
  const range = `ratings run from ${min} to ${max}`;
  if (least === undefined) {
    const text = `${range}, which is no scale from 1 to 5 or from 1 to 10: every rating counts as a like. Set data.rules.minRating to the lowest rating that is one.`;
    return { least, guesses: [], notes: [text[0]!.toUpperCase() + text.slice(1)] };
  }
  const text = `${range}: an item rated ${least} or more is taken as liked, the rest is left out; change it under data.rules.minRating`;
  return { least, guesses: [{ setting: "data.rules.minRating", value: least, text }], notes: [] };
}

async function guessMinimum(
  survey: EventsSurvey,
  kept: CoreOptions,
  { eventCount, left }: CoreSurvey,
): Promise<{ value: number; guesses: readonly Guess[] }> {
  const ordinary = { value: ordinaryMinimum, guesses: [] };
  if (left >= sparseShare * eventCount) return ordinary;
  const sparse = await survey.core({ ...kept, minimum: sparseMinimum });
  if (sparse.left <= left) return ordinary;
  const text = `few events are of people with ${ordinaryMinimum} items and items with ${ordinaryMinimum} people (${formatShare(left, eventCount)}): ${sparseMinimum} of each are asked for instead, which leaves ${formatShare(sparse.left, eventCount)} of the events; change it under data.rules.minUserEvents and minItemEvents`;
  const settings = ["data.rules.minUserEvents", "data.rules.minItemEvents"];
  return {
    value: sparseMinimum,
    guesses: settings.map((setting) => ({ setting, value: sparseMinimum, text })),
  };
}

/** Purchases that come back, or events without types that do; a rating that comes back is a change of mind. */
async function guessRepeats(
  survey: EventsSurvey,
  { user, item, type, rating }: { readonly user: string; readonly item: string } & FurtherColumns,
  core: CoreSurvey,
): Promise<Guess[]> {
  const purchases = purchaseTypes(type?.survey.values.map(({ value }) => value) ?? []);
  if (rating !== undefined || (type !== undefined && purchases.length === 0)) return [];
  const { pairCount, repeatedPairCount } =
    type === undefined
      ? core
      : await survey.core({ user, item, types: { column: type.choice.column, values: purchases } });
  if (repeatedPairCount <= clearRepeats * pairCount) return [];
  const what = type === undefined ? "" : " among purchases";
  const text = `${formatShare(repeatedPairCount, pairCount)} of the pairs of a user and an item come back${what}: what a person has had may be recommended again; set data.rules.repeats to "drop" to recommend only what is new to them`;
  return [{ setting: "data.rules.repeats", value: "keep", text }];
}
