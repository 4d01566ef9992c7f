/** An engine that answers something else is not measured: it would be another task. */

import type { MixedRequest } from "../request-mix.ts";
import type { RunningEngine, Slate } from "./engines/engine.ts";

/** Of two float32 sums in different orders, relative to the larger. */
const tolerance = 1e-5;

/** What differs between an answer and the right one; undefined when nothing does. Ids must be the same, in order. */
export function describeDifference(right: Slate, answer: Slate): string | undefined {
  if (answer.ids.join(" ") !== right.ids.join(" "))
    return `ids ${brief(answer.ids)}, not ${brief(right.ids)}`;
  if (answer.source !== right.source) return `source ${answer.source}, not ${right.source}`;
  if (answer.unknown !== right.unknown) return `unknown ${answer.unknown}, not ${right.unknown}`;
  const at = right.scores.findIndex((score, index) => !isClose(score, answer.scores[index]));
  return at === -1 ? undefined : `score ${answer.scores[at]}, not ${right.scores[at]}, of ${right.ids[at]}`;
}

/** The first difference over all requests, with the number of the request; undefined for none. */
export async function findDifference(
  engine: RunningEngine,
  requests: readonly MixedRequest[],
  right: readonly Slate[],
): Promise<string | undefined> {
  for (const [index, request] of requests.entries()) {
    const difference = describeDifference(right[index]!, await engine.ask(request));
    if (difference !== undefined) return `request ${index + 1} of ${requests.length}: ${difference}`;
  }
  return undefined;
}

function isClose(right: number, score: number | undefined): boolean {
  if (score === undefined) return false;
  return Math.abs(right - score) <= tolerance * Math.max(Math.abs(right), Math.abs(score));
}

function brief(ids: readonly string[]): string {
  return `[${ids.slice(0, 5).join(", ")}${ids.length > 5 ? ", …" : ""}]`;
}
