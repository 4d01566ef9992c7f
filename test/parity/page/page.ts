/** Runs inside the browser: the test calls these functions through `page.evaluate`. */
import {
  isAttuneError,
  type Prediction,
  type PredictRequest,
  type Recommendation,
  type RecommendRequest,
  taskNames,
} from "@attune/contracts";
import { type MeasuredParity, measureParity } from "@attune/runtime";
import { createWebSession, type ModelProgress, openWebArtifact } from "@attune/runtime-web";
import { conformanceCases } from "@attune/testkit/conformance";
import { answerAll } from "./answer-all.ts";

/** What the page did with the artifact under `/artifact/`. */
export interface ArtifactRun {
  readonly answers: readonly Recommendation[];
  readonly parity: MeasuredParity;
  readonly titles: readonly string[];
  readonly progress: readonly ModelProgress[];
}

export interface ParityPage {
  /** Case name → the failure in words, or `undefined`. */
  runCases(): Promise<Record<string, string | undefined>>;
  runArtifact(requests: readonly RecommendRequest[]): Promise<ArtifactRun>;
  /** Opens an artifact of any task. */
  runTask(
    baseUrl: string,
    requests: readonly (RecommendRequest | PredictRequest)[],
  ): Promise<{ parity: MeasuredParity; answers: readonly (Recommendation | Prediction)[] }>;
  /** Code and message of the error when `/artifact/` is opened with changed options. */
  openingError(options: { baseUrl: string; wasmUrl?: string }): Promise<{ code: string; message: string }>;
  /** SHA-256 keys in the browser's model cache. */
  cachedModels(): Promise<readonly string[]>;
}

async function runCases(): Promise<Record<string, string | undefined>> {
  const outcomes: Record<string, string | undefined> = {};
  const waiting = conformanceCases.values();
  async function runWaiting(): Promise<void> {
    for (const { name, run } of waiting) {
      const failure = run((modelBytes) => createWebSession({ modelBytes })).then(() => undefined, String);
      outcomes[name] = await failure;
    }
  }
  // Each session compiles the engine in a worker of its own: two at a time keep two cores busy.
  await Promise.all([runWaiting(), runWaiting()]);
  return outcomes;
}

async function runArtifact(requests: readonly RecommendRequest[]): Promise<ArtifactRun> {
  const progress: ModelProgress[] = [];
  const artifact = await openWebArtifact({
    baseUrl: "/artifact",
    onProgress: (step) => progress.push(step),
  });
  const { personalizer } = artifact;
  try {
    const answers = [
      ...(await Promise.all(requests.map((request) => personalizer.recommend(request)))),
      ...(await personalizer.recommendMany(requests)),
    ];
    const items = (await artifact.loadItems()) ?? [];
    const parity = await measureParity(artifact.session, await artifact.loadGolden());
    return { answers, parity, titles: items.map((item) => item.title), progress };
  } finally {
    await personalizer.close();
  }
}

async function runTask(baseUrl: string, requests: readonly (RecommendRequest | PredictRequest)[]) {
  const artifact = await openWebArtifact({ baseUrl, task: taskNames, cache: false });
  try {
    const parity = await measureParity(artifact.session, await artifact.loadGolden());
    return { parity, answers: await answerAll(artifact, requests) };
  } finally {
    await artifact.session.close();
  }
}

async function openingError(options: { baseUrl: string; wasmUrl?: string }) {
  try {
    const { personalizer } = await openWebArtifact(options);
    await personalizer.close();
    return { code: "none", message: "it opened" };
  } catch (error) {
    return isAttuneError(error)
      ? { code: error.code, message: error.message }
      : { code: "other", message: String(error) };
  }
}

async function cachedModels(): Promise<readonly string[]> {
  const keys = await (await caches.open("attune-models")).keys();
  return keys.map((key) => key.url.split("/").at(-1)!);
}

const parityPage: ParityPage = {
  runCases,
  runArtifact,
  runTask,
  openingError,
  cachedModels,
};

Object.assign(globalThis, { parityPage });
