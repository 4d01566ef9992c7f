// How the kit finds out whom and what to ask, and what it says where it cannot.
import { once } from "node:events";
import net from "node:net";
import {
  type ConformanceOptions,
  type Report,
  runConformance,
  UnreachableError,
} from "@attune/oip-conformance";
import { expect, test } from "vitest";
import { type Defect, json, startReferenceServer } from "./reference-server.ts";

async function run(options: ConformanceOptions, defect?: Defect, path = ""): Promise<Report> {
  const server = await startReferenceServer(defect);
  try {
    return await runConformance(server.url + path, options);
  } finally {
    await server.close();
  }
}

const outcomeOf = ({ results }: Report, id: string) => results.find((result) => result.id === id)?.outcome;

/** Answers only requests for this many rows. */
function takesRows(rows: number): Defect {
  return (next) => (request) => {
    const isOther = request.path.endsWith("/infer") && !request.body.includes(`"shape":[${rows},`);
    return isOther ? json(400, { error: `give ${rows} rows` }) : next(request);
  };
}

const good = {
  inputs: [{ name: "values", datatype: "FP32", shape: [7, 3], data: Array(21).fill(0.5) }],
};

test("a made request that is refused skips the cases that need one, with what the model said", async () => {
  const report = await run({ models: ["single"] }, takesRows(7));
  expect(report.models).toEqual([
    {
      name: "single",
      request: "none",
      noRequestBecause:
        "single refused a request made from its metadata with 400: give 7 rows; give --request FILE",
    },
  ]);
  const infer = report.results.filter(({ group }) => group === "infer" || group === "binary");
  expect(infer.filter(({ outcome }) => outcome === "passed").map(({ id }) => id)).toEqual(["infer.answers"]);
  const skips = infer.filter(({ outcome }) => outcome === "skipped");
  expect(skips.length).toBe(infer.length - 1);
  expect(skips[0]!.skippedBecause).toContain("give 7 rows");
});

test("a given request stands for the made one", async () => {
  const report = await run({ models: ["single"], request: good }, takesRows(7));
  expect(report.models).toEqual([{ name: "single", request: "given" }]);
  expect(report.results.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  expect(outcomeOf(report, "binary.inputs")).toBe("passed");
});

test("a given request that is refused is a failure: it is said to be good", async () => {
  const report = await run({ models: ["single"], request: good }, takesRows(8));
  expect(report.conforms).toBe(false);
  expect(outcomeOf(report, "infer.answers")).toBe("failed");
  expect(outcomeOf(report, "infer.id-echo")).toBe("skipped");
});

test("a request is for one model", async () => {
  await expect(run({ request: good })).rejects.toThrow(
    "a request is for one model; name one of identity, single",
  );
});

test("where models are not listed, the repository's index says which are ready", async () => {
  const report = await run({}, (next) => (request) => {
    if (request.path === "/v2/models") return json(404, { error: "no" });
    const index = [
      { name: "identity", state: "UNAVAILABLE" },
      { name: "single", state: "READY" },
    ];
    return request.path === "/v2/repository/index" ? json(200, index) : next(request);
  });
  expect(report.models.map(({ name }) => name)).toEqual(["single"]);
});

test("a server that lists no model skips what is about one", async () => {
  const report = await run({}, (next) => (request) => {
    return /^\/v2\/(models|repository\/index)$/.test(request.path)
      ? json(404, { error: "no" })
      : next(request);
  });
  expect(report.models).toEqual([]);
  expect(report.results.find(({ id }) => id === "model.metadata")).toMatchObject({
    outcome: "skipped",
    skippedBecause: "the server lists no model; give --model NAME",
  });
  expect(outcomeOf(report, "health.live")).toBe("passed");
});

test("what is not advertised is not asked for", async () => {
  const report = await run({ models: ["identity"] }, (next) => (request) => {
    const metadata = { name: "small", version: "1", extensions: [] };
    return /^\/v2\/?$/.test(request.path) ? json(200, metadata) : next(request);
  });
  const asked = report.results.filter(({ outcome }) => outcome !== "skipped").map(({ group }) => group);
  expect([...new Set(asked)]).toEqual(["health", "server", "model", "infer", "errors", "robustness"]);
  expect(report.conforms).toBe(true);
});

test("a version that is asked for is in every path", async () => {
  const paths: string[] = [];
  const report = await run(
    { models: ["single"], modelVersion: "1", groups: ["infer"] },
    (next) => (request) => {
      paths.push(request.path);
      return next(request);
    },
  );
  expect(report.conforms).toBe(true);
  expect(paths.filter((path) => path.endsWith("/infer") && !path.includes("/versions/1/"))).toEqual([]);
});

test("a path in the URL stands before every path, and headers go with every request", async () => {
  const wrong: string[] = [];
  const options = { models: ["single"], groups: ["health", "infer"], headers: { "x-key": "k" } } as const;
  const report = await run(
    options,
    (next) => (request) => {
      if (!request.path.startsWith("/base/v2") || request.headers["x-key"] !== "k") wrong.push(request.path);
      return next({ ...request, path: request.path.replace(/^\/base/, "") });
    },
    "/base/",
  );
  expect(report.conforms).toBe(true);
  expect(wrong).toEqual([]);
});

test("values of a model that answers at random are not compared", async () => {
  let calls = 0;
  const report = await run({ models: ["single"], groups: ["infer", "binary"] }, (next) => (request) => {
    const sent = next(request);
    if (sent === "hang up" || !request.path.endsWith("/infer")) return sent;
    calls += 1;
    return {
      ...sent,
      body: Buffer.from(sent.body.toString("latin1").replace('"data":[1,', `"data":[${calls},`), "latin1"),
    };
  });
  expect(calls).toBeGreaterThan(2);
  expect(report.results.filter(({ outcome }) => outcome === "failed" || outcome === "warned")).toEqual([]);
});

test("a server that does not answer at all is no report", async () => {
  const server = await startReferenceServer();
  await server.close();
  await expect(runConformance(server.url)).rejects.toThrow(UnreachableError);
});

test("a server that takes connections and says nothing is told from one that is not there", async () => {
  const silent = net.createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as net.AddressInfo;
  try {
    const run = runConformance(`http://127.0.0.1:${port}`, { timeoutMs: 100 });
    await expect(run).rejects.toThrow("cannot be reached: no answer within 100 ms");
  } finally {
    silent.close();
  }
});
