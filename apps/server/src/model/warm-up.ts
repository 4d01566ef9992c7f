/** First runs allocate the engine's arenas and let V8 compile the path; later requests do not pay for it. */
import type { RecommendRequest } from "@attune/contracts";
import type { GoldenFile } from "@attune/contracts/manifest";
import type { Answerer, Personalizer } from "@attune/runtime";

const requestCount = 16;

/** Asks like the golden rows, one by one and in one batch. */
export async function warmUp(answerer: Answerer, golden: GoldenFile): Promise<void> {
  if (answerer.task === "recommend") {
    if (golden.task === "recommend") await warmUpPersonalizer(answerer.personalizer, golden);
    return;
  }
  if (golden.task === "recommend") return;
  const requests = golden.rows.map(({ inputs }) => ({ inputs })).slice(0, requestCount);
  for (const request of requests) await answerer.predictor.predict(request);
  await answerer.predictor.predictMany(requests);
}

async function warmUpPersonalizer(
  personalizer: Personalizer,
  { rows }: GoldenFile<"recommend">,
): Promise<void> {
  const { maxK, maxHistory, maxExclude, maxAllow } = personalizer.manifest.limits;
  const ids = (list: readonly string[], limit: number) => list.filter((id) => id !== "").slice(0, limit);
  const requests: RecommendRequest[] = rows.map(({ history, exclude, allow, features = {}, k }) => ({
    history: ids(history, maxHistory),
    exclude: ids(exclude, maxExclude),
    allow: ids(allow, maxAllow),
    features,
    k: Math.min(k, maxK),
  }));
  requests.push({ history: [], k: 1 });
  for (const request of requests.slice(0, requestCount)) await personalizer.recommend(request);
  await personalizer.recommendMany(requests.slice(0, requestCount));
}
