import { AttuneError, type Recommendation, type RecommendRequest } from "@attune/contracts";
import { describe, expect, test } from "vitest";
import { createPool } from "../artifact/create-pool.ts";
import type { LoadProgress, OpenArtifact } from "../artifact/open.ts";
import { formatBytes } from "./bytes.ts";
import { createController, type State } from "./controller.ts";
import { newestEntries, parseIds } from "./history.ts";
import { formatScores } from "./rows.ts";
import { defaultWords } from "./words.ts";

/** An artifact in memory that answers when it is told to. */
function createArtifact() {
  const asked: RecommendRequest[] = [];
  const waiting: (() => void)[] = [];
  let held = false;
  let closedCount = 0;
  const answerTo = (request: RecommendRequest): Recommendation => ({
    ids: request.history.map((entry) => `after-${typeof entry === "string" ? entry : entry.item}`),
    scores: request.history.map(() => 1),
    source: request.history.length === 0 ? "fallback" : "model",
    unknown: 0,
  });
  const artifact: OpenArtifact = {
    limits: { maxK: 50, maxHistory: 3, maxAllow: 3, maxExclude: 10 },
    modelSha256: "ab".repeat(32),
    async recommend(request) {
      asked.push(request);
      if (held) await new Promise<void>((resolve) => waiting.push(resolve));
      return answerTo(request);
    },
    async close() {
      closedCount += 1;
    },
  };
  return {
    artifact,
    asked,
    hold: () => {
      held = true;
    },
    release: () => {
      held = false;
      for (const resolve of waiting.splice(0)) resolve();
    },
    get closedCount() {
      return closedCount;
    },
  };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const settings = (history: readonly string[], artifact = "http://x/a/") => ({
  artifact,
  history,
  exclude: [] as string[],
  k: 10,
});

function createBench(
  open: (url: string, report: (p: LoadProgress) => void) => Promise<OpenArtifact>,
  later: (run: () => void) => void = (run) => run(),
) {
  const states: State[] = [];
  const pool = createPool(open, later);
  let clock = 0;
  const controller = createController({ pool, now: () => clock++, onState: (state) => states.push(state) });
  return { controller, pool, states, last: () => states.at(-1) };
}

describe("controller", () => {
  test("loads nothing before it is started, and then shows bytes and the answer", async () => {
    const { artifact, asked } = createArtifact();
    let opened = 0;
    const { controller, states } = createBench(async (_, report) => {
      opened += 1;
      report({ loadedBytes: 5, totalBytes: 10 });
      return artifact;
    });
    controller.update(settings(["a"]));
    await settle();
    expect(opened).toBe(0);
    controller.start();
    await settle();
    expect(states.map((state) => state.phase)).toEqual(["loading", "loading", "ready"]);
    expect(states[1]).toEqual({ phase: "loading", progress: { loadedBytes: 5, totalBytes: 10 } });
    expect(states[2]).toMatchObject({ answer: { ids: ["after-a"], source: "model" }, elapsedMs: 1 });
    expect(asked).toEqual([{ history: ["a"], k: 10 }]);
  });

  test("several changes in one turn make one run", async () => {
    const { artifact, asked } = createArtifact();
    const { controller, last } = createBench(async () => artifact);
    controller.start();
    for (const id of ["a", "b", "c"]) controller.update(settings([id]));
    await settle();
    expect(asked.map((request) => request.history)).toEqual([["c"]]);
    expect(last()).toMatchObject({ phase: "ready", answer: { ids: ["after-c"] } });
  });

  test("a change during a run drops that run's answer and runs once more", async () => {
    const memory = createArtifact();
    const { controller, states, last } = createBench(async () => memory.artifact);
    controller.start();
    controller.update(settings(["a"]));
    memory.hold();
    await settle();
    for (const id of ["b", "c"]) {
      controller.update(settings([id]));
      await settle();
    }
    memory.release();
    await settle();
    expect(memory.asked.map((request) => request.history)).toEqual([["a"], ["c"]]);
    expect(states.filter((state) => state.phase === "ready")).toHaveLength(1);
    expect(last()).toMatchObject({ answer: { ids: ["after-c"] } });
  });

  test("keeps the artifact's limits: the newest entries, no larger k", async () => {
    const { artifact, asked } = createArtifact();
    const { controller } = createBench(async () => artifact);
    controller.start();
    controller.update({ ...settings(["a", "b", "c", "d"]), k: 99, exclude: ["x"] });
    await settle();
    expect(asked).toEqual([{ history: ["b", "c", "d"], exclude: ["x"], k: 50 }]);
  });

  test("what may be shown and the columns go along, when there are any", async () => {
    const { artifact, asked } = createArtifact();
    const { controller } = createBench(async () => artifact);
    const history = [{ item: "a", time: 1_700_000_000 }];
    controller.start();
    controller.update({ ...settings([]), history, allow: ["x"], features: { age: 41 } });
    await settle();
    controller.update({ ...settings([]), allow: [], features: {} });
    await settle();
    expect(asked).toEqual([
      { history, allow: ["x"], features: { age: 41 }, k: 10 },
      { history: [], k: 10 },
    ]);
  });

  test("a failure is a state, and retry loads again", async () => {
    const { artifact } = createArtifact();
    let tries = 0;
    const { controller, last } = createBench(async (url) => {
      tries += 1;
      if (tries === 1) throw new AttuneError("RUNTIME_HASH", { url, expected: "1", actual: "2" });
      return artifact;
    });
    controller.start();
    controller.update(settings([]));
    await settle();
    expect(last()).toMatchObject({ phase: "failed", error: { code: "RUNTIME_HASH" } });
    controller.retry();
    await settle();
    expect(last()).toMatchObject({ phase: "ready", answer: { source: "fallback" } });
  });

  test("a retry after the model broke loads it anew instead of asking the broken one", async () => {
    const { artifact } = createArtifact();
    let opened = 0;
    let closed = 0;
    const broken: OpenArtifact = {
      ...artifact,
      recommend: async () => {
        throw new AttuneError("RUNTIME_RUN", { runtime: "onnxruntime-web", issues: ["out of memory"] });
      },
      close: async () => {
        closed += 1;
      },
    };
    const delayed: (() => void)[] = [];
    const { controller, last } = createBench(
      async () => {
        opened += 1;
        return opened === 1 ? broken : artifact;
      },
      (run) => delayed.push(run),
    );
    controller.start();
    controller.update(settings(["a"]));
    await settle();
    expect(last()).toMatchObject({ phase: "failed", error: { code: "RUNTIME_RUN" } });
    controller.retry();
    await settle();
    expect(last()).toMatchObject({ phase: "ready", answer: { ids: ["after-a"] } });
    for (const run of delayed.splice(0)) run();
    await settle();
    expect(closed).toBe(1);
  });

  test("an error of no kind of ours still reaches the reader", async () => {
    const { controller, last } = createBench(() => Promise.reject(new TypeError("boom")));
    controller.start();
    controller.update(settings([]));
    await settle();
    expect(last()).toMatchObject({ phase: "failed", error: { code: "UNEXPECTED", message: "boom" } });
  });

  test("another artifact replaces the first, even while that one still loads", async () => {
    const { artifact } = createArtifact();
    const { controller, last } = createBench((url) =>
      url === "http://x/slow/" ? new Promise(() => {}) : Promise.resolve(artifact),
    );
    controller.start();
    controller.update(settings(["a"], "http://x/slow/"));
    await settle();
    expect(last()).toEqual({ phase: "loading" });
    controller.update(settings(["a"], "http://x/fast/"));
    await settle();
    expect(last()).toMatchObject({ phase: "ready" });
  });

  test("after stop nothing is shown any more", async () => {
    const memory = createArtifact();
    const { controller, last } = createBench(async () => memory.artifact);
    controller.start();
    controller.update(settings(["a"]));
    memory.hold();
    await settle();
    controller.stop();
    memory.release();
    await settle();
    expect(last()).toEqual({ phase: "waiting" });
    expect(memory.closedCount).toBe(1);
  });
});

describe("pool", () => {
  test("opens once for all and closes after the last", async () => {
    const memory = createArtifact();
    let opened = 0;
    const delayed: (() => void)[] = [];
    const pool = createPool(
      async () => {
        opened += 1;
        return memory.artifact;
      },
      (run) => delayed.push(run),
    );
    const first = pool.lease("a");
    const second = pool.lease("a");
    expect(await first.value).toBe(await second.value);
    expect(opened).toBe(1);
    first.release();
    first.release();
    second.release();
    const third = pool.lease("a");
    for (const run of delayed.splice(0)) run();
    await settle();
    expect(memory.closedCount).toBe(0);
    third.release();
    for (const run of delayed.splice(0)) run();
    await settle();
    expect(memory.closedCount).toBe(1);
    expect(opened).toBe(1);
  });

  test("a late comer hears the last progress at once", () => {
    const pool = createPool<OpenArtifact, number>(
      (_, report) => {
        report(7);
        return new Promise(() => {});
      },
      (run) => run(),
    );
    pool.lease("a");
    const heard: number[] = [];
    pool.lease("a", (progress) => heard.push(progress));
    expect(heard).toEqual([7]);
  });
});

describe("inputs and words", () => {
  test("ids of an attribute", () => {
    expect(parseIds(null)).toEqual([]);
    expect(parseIds("  1 2\n3 ")).toEqual(["1", "2", "3"]);
    expect(parseIds('["a b", 7]')).toEqual(["a b", "7"]);
    expect(parseIds("[oops")).toEqual([]);
  });

  test("newest entries", () => {
    expect(newestEntries(["a", "b", "c"], 2)).toEqual(["b", "c"]);
    expect(newestEntries(["a"], 2)).toEqual(["a"]);
    expect(newestEntries(["a"], 0)).toEqual([]);
  });

  test("bytes", () => {
    expect([0, 512, 4200, 999_499, 999_500, 2_140_000].map(formatBytes)).toEqual([
      "0 B",
      "512 B",
      "4 kB",
      "999 kB",
      "1.0 MB",
      "2.1 MB",
    ]);
  });

  test("scores of one list line up", () => {
    expect(formatScores([2.2071, 1.97, -0.5])).toEqual(["2.207", "1.970", "-0.500"]);
    expect(formatScores([289, 7])).toEqual(["289", "7"]);
    expect(formatScores([2e-6, 1e-6])).toEqual(["2.00e-6", "1.00e-6"]);
    expect(formatScores([1.5, Number.NaN])).toEqual(["1.500", "–"]);
    expect(formatScores([])).toEqual([]);
  });

  test("an unknown code falls back to the error's own message", () => {
    const error = { name: "AttuneError", code: "SOMETHING_ELSE", message: "what happened", details: {} };
    expect(defaultWords.reason(error)).toBe("what happened");
    expect(defaultWords.reason({ ...error, code: "RUNTIME_HASH" })).toContain("damaged");
  });
});
