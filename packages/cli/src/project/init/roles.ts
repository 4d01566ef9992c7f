/** How real exports call the columns that matter: names are compared without case, spaces, hyphens and underscores. */

/** What a column of an events file may be. */
export const roles = ["user", "item", "rating", "time", "type"] as const;
export type Role = (typeof roles)[number];

/** Patterns over simplified names, best first. */
interface Names {
  /** Nobody calls another column so. */
  readonly sure: readonly RegExp[];
  /** A guess, to be said as one. */
  readonly unsure: readonly RegExp[];
}

/** Nouns, best first, with the endings that ids have. */
const ids = (...nouns: readonly string[]) =>
  nouns.map((noun) => new RegExp(`^${noun}(id|ids|key|uuid|guid|number|num|no|nr|code|pk|hash)?$`));

const names: Readonly<Record<Role, Names>> = {
  user: {
    sure: ids(
      "user",
      "customer",
      "cust",
      "client",
      "visitor",
      "fullvisitor",
      "member",
      "account",
      "shopper",
      "buyer",
      "subscriber",
      "consumer",
      "profile",
      "player",
      "listener",
      "reader",
      "viewer",
      "student",
      "learner",
      "reviewer",
      "person",
      "uid",
      "household",
      "anonymous",
      "(user)?session",
    ),
    unsure: [
      /^(user|customer|member|reviewer)name$/,
      /^(author|owner)(id)?$/,
      /^(cookie|device)(id)?$/,
      /^e?mail$/,
    ],
  },
  item: {
    sure: [
      ...ids("item", "product", "prod", "article", "movie", "film", "book"),
      /^isbn(10|13)?$/,
      /^parentasin$/,
      /^asin$/,
      ...ids(
        "sku",
        "stock",
        "variant",
        "track",
        "song",
        "artist",
        "album",
        "video",
        "show",
        "episode",
        "game",
        "app",
        "recipe",
        "course",
        "news",
        "story",
        "content",
        "document",
        "doc",
        "post",
        "media",
        "listing",
        "offer",
        "place",
        "venue",
        "poi",
        "business",
        "restaurant",
        "hotel",
        "anime",
      ),
    ],
    unsure: [
      /^(item|product|movie|book|game|track)?(title|name)$/,
      /^(url|page|pageurl|link)$/,
      /^description$/,
    ],
  },
  rating: {
    sure: [
      /^(user|book|item|movie|product|review|overall|star)?(rating|ratings|stars)(value)?$/,
      /^(review)?score$/,
      /^overall$/,
      /^grade$/,
    ],
    unsure: [],
  },
  time: {
    sure: [
      /^(event|unix)?(timestamp|datetime)(ms|utc)?$/,
      /^(event|action|interaction|click|view|order|purchase|transaction|invoice|rating|review|unixreview|server|visit)(time|date|datetime|timestamp|dt|ts|at)$/,
      /^(created|ordered|purchased|bought|occurred|happened|rated|reviewed|viewed|clicked|played|watched|listened|sent|received|recorded|logged)(at|on|date|time)$/,
      /^creat(ion|e)(time|date|dt)$/,
      /^(ts|time|date|dt|unixtime|epoch|day)$/,
      /^updated(at|on)$/,
    ],
    unsure: [],
  },
  type: {
    sure: [/^(event|action|interaction|activity|behaviou?r)(type|name|kind)?$/, /^(type|kind|verb)$/],
    unsure: [],
  },
};

/** A name as the patterns see it: `User-ID`, `user_id` and `userId` are all `userid`. */
export function simplifyName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

export interface Candidate {
  readonly column: string;
  readonly isSure: boolean;
}

/** Columns that are called like a role, best first. */
export function listCandidates(role: Role, columns: readonly string[]): readonly Candidate[] {
  const { sure, unsure } = names[role];
  const match = (patterns: readonly RegExp[], isSure: boolean) =>
    patterns.flatMap((pattern) =>
      columns.filter((column) => pattern.test(simplifyName(column))).map((column) => ({ column, isSure })),
    );
  return [...match(sure, true), ...match(unsure, false)];
}
