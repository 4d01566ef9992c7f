// The main path as a user walks it: MovieLens, real training, a real browser, the real server.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attune, copyExample, jsonLine, root, startAttune } from "./attune.ts";

interface Estimate {
  value: number;
  interval?: { lower: number; upper: number };
}

interface Quickstart {
  dataset: { events: number; users: number; items: number };
  leaderboard: {
    kind: string;
    chosen: boolean;
    metrics: Record<string, Estimate>;
    differenceToBaseline?: Estimate;
  }[];
  measured: { events: number; users: number; items: number };
  released: { events: number; users: number; items: number };
  leftOut: { kind: string; reasons: string[] }[];
  artifact: { path: string; sha256: string; bytes: number };
  parity: Record<"node" | "web", { maxAbs: number; sameAnswer: number }>;
}

/** Rows of people and films with at least `n` rows each, again and again. MovieLens has no pair twice. */
function core(rows: string[][], n: number): string[][] {
  const count = (column: number) => {
    const counts = new Map<string, number>();
    for (const row of rows) counts.set(row[column]!, (counts.get(row[column]!) ?? 0) + 1);
    return counts;
  };
  const [users, items] = [count(0), count(1)];
  const left = rows.filter(([user, item]) => users.get(user!)! >= n && items.get(item!)! >= n);
  return left.length === rows.length ? rows : core(left, n);
}

const projects = [copyExample(), copyExample()] as const;
let first: Quickstart;

beforeAll(async () => {
  const outcome = await attune(["quickstart", "--no-serve", "--json"], projects[0].dir);
  expect(outcome.code, outcome.stderr).toBe(0);
  first = jsonLine<Quickstart>(outcome);
}, 300_000);

afterAll(() => {
  for (const project of projects) project.remove();
});

describe("attune quickstart", () => {
  test("describes the dataset", () => {
    expect(first.dataset.users).toBeGreaterThan(500);
    expect(first.dataset.items).toBeGreaterThan(1000);
    expect(first.dataset.events).toBeGreaterThan(30_000);
  });

  test("the release holds every event that passes the rules, the measurement less", () => {
    const ratings = readFileSync(path.join(projects[0].dir, "ratings.csv"), "utf8")
      .trimEnd()
      .split("\n")
      .slice(1);
    const kept = core(
      ratings.map((line) => line.split(",")).filter(([, , rating]) => Number(rating) >= 4),
      5,
    );
    expect(first.released).toEqual({
      events: kept.length,
      users: new Set(kept.map(([user]) => user)).size,
      items: new Set(kept.map(([, item]) => item)).size,
    });
    expect(first.measured.events).toBeLessThan(first.released.events);
    expect(first.leftOut).toEqual([]);
  });

  test("the chosen model beats popularity with an interval that excludes zero", () => {
    const chosen = first.leaderboard.find((row) => row.chosen)!;
    const popularity = first.leaderboard.find((row) => row.kind === "popularity")!;
    expect(chosen.kind).not.toBe("popularity");
    expect(chosen.metrics["ndcg@10"]!.value).toBeGreaterThan(popularity.metrics["ndcg@10"]!.value);
    expect(chosen.differenceToBaseline!.interval!.lower).toBeGreaterThan(0);
    for (const row of first.leaderboard) {
      const { value, interval } = row.metrics["ndcg@10"]!;
      const { lower, upper } = interval!;
      expect(lower).toBeLessThanOrEqual(value);
      expect(value).toBeLessThanOrEqual(upper);
    }
  });

  test.each(["node", "web"] as const)("the %s runtime agrees with the trainer", (runtime) => {
    expect(first.parity[runtime].maxAbs).toBeLessThanOrEqual(1e-5);
    expect(first.parity[runtime].sameAnswer).toBe(1);
  });

  test("leaves a whole artifact whose model has the printed sha256", () => {
    const dir = path.resolve(projects[0].dir, first.artifact.path);
    expect(readdirSync(dir)).toEqual(
      expect.arrayContaining([
        "README.md",
        "golden.json",
        "items.json",
        "manifest.json",
        "model.onnx",
        "report.html",
      ]),
    );
    const model = readFileSync(path.join(dir, "model.onnx"));
    expect(model.length).toBe(first.artifact.bytes);
    expect(createHash("sha256").update(model).digest("hex")).toBe(first.artifact.sha256);
  });

  test("no history of the golden rows is one of the people's", () => {
    const people = new Map<string, Set<string>>();
    for (const line of readFileSync(path.join(projects[0].dir, "ratings.csv"), "utf8")
      .trimEnd()
      .split("\n")) {
      const [user, film, rating] = line.split(",");
      if (Number(rating) >= 4) people.set(user!, (people.get(user!) ?? new Set()).add(film!));
    }
    const golden = path.resolve(projects[0].dir, first.artifact.path, "golden.json");
    const { rows }: { rows: { name: string; history: string[] }[] } = JSON.parse(
      readFileSync(golden, "utf8"),
    );
    const histories = rows.map(({ history }) => new Set(history)).filter((history) => history.size > 2);
    expect(rows.filter(({ name }) => name === "made-up").length).toBeGreaterThan(30);
    const found = histories.filter((history) =>
      [...people.values()].some((films) => [...history].every((film) => films.has(film))),
    );
    expect(found).toEqual([]);
  });

  test("the same seed gives the same bytes in another folder", async () => {
    const outcome = await attune(["quickstart", "--no-serve", "--no-web", "--json"], projects[1].dir);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(jsonLine<Quickstart>(outcome).artifact.sha256).toBe(first.artifact.sha256);
  }, 300_000);

  test("a second run is cached and gives the same artifact", async () => {
    const outcome = await attune(["quickstart", "--no-serve", "--no-web", "--json"], projects[0].dir);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.stderr).toContain("cached");
    expect(jsonLine<Quickstart>(outcome).artifact).toEqual(first.artifact);
  });
});

describe("attune recommend", () => {
  const recommend = async (...args: string[]) => {
    const dir = path.resolve(projects[0].dir, first.artifact.path);
    const outcome = await attune(["recommend", "--artifact", dir, ...args, "--json"], projects[0].dir);
    expect(outcome.code, outcome.stderr).toBe(0);
    return jsonLine<{ ids: string[]; scores: number[]; source: string; unknown: number }>(outcome);
  };

  test("a history gives ids, scores and their source, best first, none of the history", async () => {
    const { ids, scores, source, unknown } = await recommend("--history", "318,593,296", "--k", "5");
    expect(ids).toHaveLength(5);
    expect(new Set([...ids, "318", "593", "296"]).size).toBe(8);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect({ source, unknown }).toEqual({ source: "model", unknown: 0 });
  });

  test("no history gives the fallback", async () => {
    expect((await recommend("--history", "")).source).toBe("fallback");
  });

  test("unknown ids are counted, not fatal", async () => {
    const answer = await recommend("--history", "318,no-such-film,593", "--k", "3");
    expect(answer).toMatchObject({ source: "model", unknown: 1 });
  });

  test("the README's ten lines give the same ids with nothing but onnxruntime-node and the file", async () => {
    const { ids } = await recommend("--history", "318,593,296", "--k", "5");
    const readme = readFileSync(path.join(root, "README.md"), "utf8");
    const code = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
    expect(code).toContain("onnxruntime-node");
    expect(code).not.toContain("@attune");
    const dir = mkdtempSync(path.join(os.tmpdir(), "attune-integrator-"));
    mkdirSync(path.join(dir, "node_modules"));
    const engine = path.dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
    symlinkSync(engine, path.join(dir, "node_modules/onnxruntime-node"), "junction");
    cpSync(path.resolve(projects[0].dir, first.artifact.path, "model.onnx"), path.join(dir, "model.onnx"));
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code], { cwd: dir });
    rmSync(dir, { recursive: true });
    expect(stdout.split(" ")[0]).toBe(ids.join());
    expect(stdout.trim().endsWith("model")).toBe(true);
  });
});

test("attune evaluate measures the released file itself", async () => {
  const outcome = await attune(["evaluate", "--json"], projects[0].dir);
  expect(outcome.code, outcome.stderr).toBe(0);
  const { metrics } = jsonLine<{ metrics: Record<string, Estimate> }>(outcome);
  const chosen = first.leaderboard.find((row) => row.chosen)!;
  expect(metrics["ndcg@10"]!.value).toBeCloseTo(chosen.metrics["ndcg@10"]!.value, 6);
});

test("attune inspect shows the graph without a session", async () => {
  const model = path.resolve(projects[0].dir, first.artifact.path, "model.onnx");
  const outcome = await attune(["inspect", model, "--json"], projects[0].dir);
  expect(outcome.code, outcome.stderr).toBe(0);
  const { inputs, outputs, metadata } = jsonLine<{
    inputs: { name: string }[];
    outputs: { name: string }[];
    metadata: Record<string, string>;
  }>(outcome);
  expect(inputs.map(({ name }) => name)).toEqual(["history", "history_weight", "exclude", "allow", "k"]);
  expect(outputs.map(({ name }) => name)).toEqual(["items", "scores", "source", "unknown"]);
  expect(metadata["attune.task"]).toBe("recommend");
});

test("attune serve answers, and ends cleanly on Ctrl-C", async () => {
  const child = startAttune(["serve", "--port", "0", "--json"], projects[0].dir);
  const exit = new Promise<number | null>((resolve) => child.on("close", resolve));
  const { url } = await new Promise<{ url: string }>((resolve, reject) => {
    child.stdout?.once("data", (chunk) => resolve(JSON.parse(String(chunk))));
    child.once("close", () => reject(new Error("ended before it served")));
  });
  const response = await fetch(`${url}/v1/recommend`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ history: ["318", "593", "296"], k: 5 }),
  });
  expect(response.status).toBe(200);
  expect(((await response.json()) as { ids: string[] }).ids).toHaveLength(5);
  child.kill("SIGINT");
  expect(await exit).toBe(0);
});
