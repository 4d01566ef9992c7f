/** What the storm throws at the server: light requests, and the heavy ones that once drove it out of memory. */

import type { MixedRequest } from "../request-mix.ts";
import { median } from "../statistics.ts";

export interface HeavyBody {
  readonly name: string;
  readonly body: string;
  /** Connections that send it without a pause. */
  readonly connections: number;
}

/** `maxSlateItems` of the server: what one body may ask for. */
const allowedItems = 10_000;

export function lightBodies(mix: readonly MixedRequest[]): readonly string[] {
  return mix.map((request) => JSON.stringify(request));
}

/** @param maxK - of the model. */
export function heavyBodies(
  mix: readonly MixedRequest[],
  { maxK, maxHistory }: { readonly maxK: number; readonly maxHistory: number },
): readonly HeavyBody[] {
  const many = (count: number, k: number) =>
    JSON.stringify({
      requests: Array.from({ length: count }, (_, index) => ({ ...mix[index % mix.length]!, k })),
    });
  const ids = mix.flatMap(({ history }) => history);
  const longest = Array.from({ length: maxHistory }, (_, index) => ids[index % ids.length]!);
  const perRequest = JSON.stringify({ history: longest, k: 10 }).length + 1;
  const filled = Array.from({ length: Math.min(256, Math.floor(976_000 / perRequest)) }, () => ({
    history: longest,
    k: 10,
  }));
  return [
    { name: "256 requests with k = 1000", body: many(256, maxK), connections: 32 },
    {
      name: "the most items a body may ask for",
      body: many(Math.max(1, Math.floor(allowedItems / maxK)), maxK),
      connections: 16,
    },
    { name: "954 KiB of the longest histories", body: JSON.stringify({ requests: filled }), connections: 16 },
  ];
}

/** How long a light body is, for the result. */
export function describeLight(mix: readonly MixedRequest[]): string {
  return `${mix.length} histories, ${median(mix.map(({ history }) => history.length))} ids in the median`;
}
