/** Measures what a loaded model's requests cost here: the figures that admission counts with and that choose where it runs. */
import type { PredictRequest, RecommendRequest } from "@attune/contracts";
import type { GoldenFile } from "@attune/contracts/manifest";
import { type Answerer, defaultK, type Personalizer } from "@attune/runtime";
import type { CostModel } from "../queue/cost.ts";

/** Each figure is the fastest of so many runs: what else the machine does is not the model's cost. */
const runCount = 7;

/** Least cost of a request: its HTTP has a cost too. */
const leastUs = 20;

const leastEntryUs = 0.1;

/** @param golden - where ids that the model knows come from. */
export async function measureCost(answerer: Answerer, golden: GoldenFile): Promise<CostModel> {
  if (answerer.task === "recommend") {
    return golden.task === "recommend" ? measurePersonalizer(answerer.personalizer, golden) : nothing;
  }
  if (golden.task === "recommend" || golden.rows.length === 0) return nothing;
  const { predictor } = answerer;
  const request: PredictRequest = { inputs: golden.rows[0]!.inputs };
  const baseUs = await fastestUs(async () => JSON.stringify(await predictor.predict(request)));
  return { baseUs: Math.max(leastUs, baseUs), entryUs: leastEntryUs, pairUs: 0, itemUs: 0 };
}

const nothing: CostModel = { baseUs: leastUs, entryUs: leastEntryUs, pairUs: 0, itemUs: 0 };

async function measurePersonalizer(
  personalizer: Personalizer,
  { rows }: GoldenFile<"recommend">,
): Promise<CostModel> {
  const { maxK, maxHistory } = personalizer.manifest.limits;
  const known = [...new Set(rows.flatMap(({ history }) => history))].filter((id) => id !== "");
  const historyOf = (length: number) =>
    Array.from({ length }, (_, index) => known[index % known.length] ?? "unknown");
  const ask = (request: RecommendRequest) =>
    fastestUs(async () => JSON.stringify(await personalizer.recommend(request)));
  const k = Math.min(defaultK, maxK);
  const baseUs = await ask({ history: [], k });
  const [short, long] = [Math.min(maxHistory, 100), maxHistory];
  const shortUs = await ask({ history: historyOf(short), k });
  const longUs = long > short ? await ask({ history: historyOf(long), k }) : shortUs;
  const wideUs = maxK > k ? await ask({ history: [], k: maxK }) : baseUs;
  return {
    baseUs: Math.max(leastUs, baseUs),
    ...fitEntries([short, shortUs - baseUs], [long, longUs - baseUs]),
    itemUs: Math.max(0.1, (wideUs - baseUs) / Math.max(1, maxK - k)),
  };
}

type Point = readonly [entries: number, us: number];

/** The line and the square through two measured lengths; neither is negative. */
function fitEntries([shortLength, shortUs]: Point, [longLength, longUs]: Point) {
  const slope = shortUs / Math.max(1, shortLength);
  if (longLength <= shortLength) return { entryUs: Math.max(leastEntryUs, slope), pairUs: 0 };
  const pairUs = Math.max(0, (longUs / longLength - slope) / (longLength - shortLength));
  return { entryUs: Math.max(leastEntryUs, slope - pairUs * shortLength), pairUs };
}

async function fastestUs(run: () => Promise<unknown>): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let index = 0; index < runCount; index++) {
    const start = performance.now();
    await run();
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest * 1000;
}
