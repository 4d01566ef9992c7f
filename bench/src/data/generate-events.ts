/** Seeded events that look like a shop's or a map's: few items are met often, people keep to a few tastes. */
import { createRandom, type Random } from "@attune/numeric";

export interface EventsOptions {
  readonly events: number;
  readonly items: number;
  readonly users: number;
  readonly seed: number;
}

/** What one person did, oldest first. */
export interface UserEvents {
  readonly user: number;
  /** Item indexes, each once. */
  readonly items: Int32Array;
  /** Epoch seconds, rising. */
  readonly times: Int32Array;
}

/** Popularity of the item of rank r is (r + 1)^−exponent. */
const exponent = 0.6;
/** Items that people of one taste share; a taste has a power law of its own. */
const itemsPerTaste = 500;
/** Share of a person's events that are of their tastes; the others are of the whole catalogue. */
const loyalty = 0.8;
/** Everyone has so many events at least. */
const fewest = 8;
/** 2024 begins; a leap year follows. */
const startSeconds = 1_704_067_200;
const spanSeconds = 366 * 86_400;

/** User by user; same options, same events. About `events` of them: at most one short or over per person. */
export function* generateEvents({ events, items, users, seed }: EventsOptions): Generator<UserEvents> {
  const random = createRandom(seed);
  const counts = drawCounts(events, users, items, random.fork("counts"));
  const tastes = createTastes(items, random.fork("tastes"));
  const everything = createSampler(Int32Array.from({ length: items }, (_, item) => item));
  for (let user = 0; user < users; user++) {
    const own = random.fork(`user ${user}`);
    const favourites = Array.from({ length: 1 + own.integer(3) }, () => tastes[own.integer(tastes.length)]!);
    const met = new Set<number>();
    while (met.size < counts[user]!) {
      const taste = own.uniform() < loyalty ? favourites[own.integer(favourites.length)]! : everything;
      // A taste that is nearly used up is left for the catalogue, so this always ends.
      const exhausted = met.size >= taste.size / 2;
      met.add((exhausted ? everything : taste).draw(own));
    }
    const times = Int32Array.from(met, () => startSeconds + own.integer(spanSeconds)).sort();
    yield { user, items: Int32Array.from(met), times };
  }
}

/** Log-normal activity, scaled to the number of events; at most half the catalogue a person. */
function drawCounts(events: number, users: number, items: number, random: Random): Int32Array {
  const activity = Float64Array.from({ length: users }, () => Math.exp(0.9 * random.normal()));
  const sum = activity.reduce((all, one) => all + one, 0);
  const spare = Math.max(0, events - users * fewest);
  return Int32Array.from(activity, (one) => Math.min(items >> 1, fewest + Math.round((one / sum) * spare)));
}

interface Sampler {
  readonly size: number;
  draw(random: Random): number;
}

/** Draws members with the power law of their place in the list. */
function createSampler(members: Int32Array): Sampler {
  const cumulative = new Float64Array(members.length);
  let sum = 0;
  members.forEach((_, rank) => {
    sum += (rank + 1) ** -exponent;
    cumulative[rank] = sum;
  });
  return {
    size: members.length,
    draw(random) {
      const wanted = random.uniform() * sum;
      let low = 0;
      let high = members.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (cumulative[middle]! > wanted) high = middle;
        else low = middle + 1;
      }
      return members[low]!;
    },
  };
}

/** Every item is in one taste, in the order of its popularity. */
function createTastes(items: number, random: Random): Sampler[] {
  const count = Math.max(1, Math.round(items / itemsPerTaste));
  const members = Array.from({ length: count }, (): number[] => []);
  for (let item = 0; item < items; item++) members[random.integer(count)]!.push(item);
  return members.filter((list) => list.length > 0).map((list) => createSampler(Int32Array.from(list)));
}
