/** Weights for the names that event types ordinarily have. */

interface Weight {
  readonly weight: number;
  /** Over the words of a name, and over the name with its words joined. */
  readonly pattern: RegExp;
}

/** The first that matches counts: taking back comes before what is taken back, a basket before its purchase. */
const ordinary: readonly Weight[] = [
  {
    weight: 0,
    pattern:
      /^(removed?|returned|returns?|refund(ed|s)?|dislike[ds]?|unlike[ds]?|deleted?|cancel(l?ed)?|unfollow|unsave|unfavou?rite|downvote[ds]?|removefrom.*|deletefrom.*)$/,
  },
  { weight: 3, pattern: /^(.*to(shopping)?)?(add)?(shopping)?(carts?|basket|bag)$|^addcart$/ },
  {
    weight: 5,
    pattern:
      /^(buys?|buying|bought|purchase[ds]?|purchasing|orders?|ordered|transactions?|checkout|sales?|sold|paid|payment|conversion)$/,
  },
  {
    weight: 2,
    pattern:
      /^(.*to)?(likes?|liked|favs?|favou?rite[ds]?|wishlist(ed)?|wish|saved?|bookmark(ed)?s?|upvote[ds]?|collect)$/,
  },
  {
    weight: 1,
    pattern:
      /^(page|item|product|detail)?(views?|viewed|clicks?|clicked|impressions?|details?|pv|visit|open|play|watch|listen|read|rate[ds]?|rating|review)$/,
  },
];

/** The weight of an event type by its name, in any case and with any separators; `undefined` for an unknown name. */
export function ordinaryWeight(type: string): number | undefined {
  const words = type
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  const forms = [words.join(""), ...words];
  return ordinary.find(({ pattern }) => forms.some((form) => pattern.test(form)))?.weight;
}

/** A weight for every type: unknown names weigh 1, and so does every name where all would be dropped. */
export function guessWeights(types: readonly string[]): Readonly<Record<string, number>> {
  const weights = types.map((type) => [type, ordinaryWeight(type) ?? 1] as const);
  const isAllDropped = weights.every(([, weight]) => weight === 0);
  return Object.fromEntries(weights.map(([type, weight]) => [type, isAllDropped ? 1 : weight]));
}

/** Types whose events may be had again: purchases, where there are any. */
export function purchaseTypes(types: readonly string[]): readonly string[] {
  return types.filter((type) => ordinaryWeight(type) === 5);
}
