/** The load generator's process: told where, it asks on all connections at once and times each answer. */
import { performance } from "node:perf_hooks";
import { encodePost, openConnection } from "../../connection.ts";
import { quantile } from "../quantile.ts";
import type { LoadOrder, LoadProblem, LoadReport } from "./protocol.ts";

async function run({
  port,
  path,
  bodies,
  connections,
  seconds,
}: LoadOrder): Promise<LoadReport | LoadProblem> {
  const requests = bodies.map((body) => encodePost(path, body));
  const times: number[] = [];
  const problems = new Map<string, number>();
  const before = process.cpuUsage();
  const start = performance.now();
  const end = start + seconds * 1000;
  let next = 0;
  async function client(): Promise<void> {
    const connection = openConnection(port);
    let sentAt = performance.now();
    while (sentAt < end && problems.size === 0) {
      const answer = await connection.send(requests[next++ % requests.length]!);
      const now = performance.now();
      if (answer?.status === 200 && answer.body.length > 0) times.push(now - sentAt);
      else problems.set(answer === undefined ? "no answer" : `status ${answer.status}`, next);
      sentAt = now;
    }
    connection.close();
  }
  await Promise.all(Array.from({ length: connections }, client));
  if (problems.size > 0) return { problem: [...problems.keys()].join(", ") };
  const elapsed = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  const sorted = Float64Array.from(times).sort();
  return {
    answers: times.length,
    seconds: elapsed / 1000,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    generatorBusy: (user + system) / 1000 / elapsed,
  };
}

process.on("message", async (order: LoadOrder) => {
  process.send!(await run(order));
});
