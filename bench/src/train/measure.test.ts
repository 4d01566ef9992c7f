import { expect, test } from "vitest";
import type { Engine } from "./engines/engine.ts";
import { chooseSteps, rotate } from "./measure.ts";
import { summarize } from "./summarize.ts";
import { mlp } from "./workloads/mlp.ts";

test("a round is about a second's worth of steps, at least one, at most what a buffer holds", () => {
  const ran = (milliseconds: number, count: number) => ({ milliseconds, losses: Array(count).fill(0) });
  expect(chooseSteps([ran(500, 1), ran(200, 20)])).toBe(100);
  expect(chooseSteps([ran(14_000, 1)])).toBe(1);
  expect(chooseSteps([ran(1, 100)])).toBe(4000);
});

test("who goes first moves on by one", () => {
  expect([0, 1, 2, 3].map((round) => rotate(["a", "b", "c"], round).join(""))).toEqual([
    "abc",
    "bca",
    "cab",
    "abc",
  ]);
});

test("medians, and our ratio to the fastest peer and to tfjs-wasm", () => {
  const engine = (name: string, kind: Engine["kind"]): Engine => {
    return { name, kind, summary: "", command: ["true"], firstStepLimitSeconds: 1 };
  };
  const engines = [
    engine("attune", "ours"),
    engine("tfjs-wasm", "tfjs"),
    engine("jax", "peer"),
    engine("pytorch", "peer"),
    engine("tensorflow", "peer"),
  ];
  const rounds = { attune: [2, 9, 1], "tfjs-wasm": [50, 51, 49], jax: [5, 5, 5], pytorch: [4, 3, 90] };
  const absent = { tensorflow: "not installed" };
  const result = summarize(mlp, engines, { rounds, absent, losses: { attune: [1], jax: [1] }, versions: {} });
  expect(result).toMatchObject({
    name: "mlp",
    threads: 1,
    msPerStep: { attune: 2, "tfjs-wasm": 50, jax: 5, pytorch: 4 },
    spread: { pytorch: [3, 90] },
    fastestPeer: "pytorch",
    ratioToFastestPeer: 0.5,
    ratioOfBestRounds: 0.333,
    ratioToWasm: 0.04,
    absent,
  });
  const withoutUs = summarize(mlp, engines, { rounds: { jax: [5] }, absent: {}, losses: {}, versions: {} });
  expect(withoutUs.ratioToFastestPeer).toBeUndefined();
  expect(withoutUs.fastestPeer).toBe("jax");
});
