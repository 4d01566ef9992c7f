/** The load generator's process: told what to send, it sends, and says what came back. */
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { type Connection, encodePost, openConnection, type RawAnswer } from "../connection.ts";
import type { LoadOrder, LoadReport, LoadStart } from "./protocol.ts";

/** Connections of light clients in an open load: enough that a free one is there when a request is due. */
const lightConnections = 600;

/** Milliseconds that stand for no answer at all. */
const unanswered = 60_000;

interface Tally {
  readonly accepted: number[];
  readonly refused: number[];
  readonly statuses: Record<string, number>;
  readonly heavy: Record<string, Record<string, number>>;
  readonly lags: number[];
  readonly health: number[];
  sent: number;
  wrong: number;
  withoutRetryAfter: number;
  late: number;
}

function createTally(): Tally {
  return {
    accepted: [],
    refused: [],
    statuses: {},
    heavy: {},
    lags: [],
    health: [],
    sent: 0,
    wrong: 0,
    withoutRetryAfter: 0,
    late: 0,
  };
}

function createLoad({ port, light, expected, heavy }: LoadStart) {
  const requests = light.map((body) => encodePost("/v1/recommend", body));
  const heavies = heavy.map(({ name, body, connections }) => ({
    name,
    connections,
    bytes: encodePost("/v1/recommend", body),
  }));
  let next = 0;

  async function ask(connection: Connection, dueAt: number, tally: Tally): Promise<void> {
    const index = next++ % requests.length;
    tally.sent++;
    const answer = await connection.send(requests[index]!);
    const ms = performance.now() - dueAt;
    count(tally.statuses, answer);
    if (answer === undefined) return;
    if (answer.status === 200) {
      tally.accepted.push(ms);
      if (!isRight(answer, expected[index]!)) tally.wrong++;
      return;
    }
    tally.refused.push(ms);
    noteRetryAfter(answer, tally);
  }

  async function closed(connections: number, endAt: number, tally: Tally): Promise<void> {
    await Promise.all(
      Array.from({ length: connections }, async () => {
        const connection = openConnection(port);
        while (performance.now() < endAt) await ask(connection, performance.now(), tally);
        connection.close();
      }),
    );
  }

  async function open(ratePerSecond: number, seconds: number, tally: Tally): Promise<void> {
    const free = Array.from({ length: lightConnections }, () => openConnection(port));
    const all = [...free];
    // A few at a time: what is measured is requests, not how fast connections come about.
    for (let index = 0; index < all.length; index += 20) {
      await Promise.all(all.slice(index, index + 20).map((connection) => connection.connect()));
    }
    const due: number[] = [];
    const startAt = performance.now();
    const endAt = startAt + seconds * 1000;
    let sent = 0;
    const launch = (connection: Connection, dueAt: number): void => {
      void ask(connection, dueAt, tally).then(() => {
        const waiting = due.shift();
        if (waiting === undefined) free.push(connection);
        else launch(connection, waiting);
      });
    };
    while (performance.now() < endAt) {
      const now = performance.now();
      const wanted = ((now - startAt) / 1000) * ratePerSecond;
      while (sent < wanted) {
        const dueAt = startAt + (sent / ratePerSecond) * 1000;
        sent++;
        tally.lags.push(now - dueAt);
        const connection = free.pop();
        if (connection !== undefined) launch(connection, dueAt);
        else {
          tally.late++;
          due.push(dueAt);
        }
      }
      await wait(1);
    }
    due.length = 0;
    const lastAt = performance.now() + 5000;
    while (free.length < all.length && performance.now() < lastAt) await wait(20);
    for (const connection of all) connection.close();
  }

  async function throwHeavy(endAt: number, tally: Tally): Promise<void> {
    await Promise.all(
      heavies.flatMap(({ name, connections, bytes }) =>
        Array.from({ length: connections }, async () => {
          const connection = openConnection(port);
          tally.heavy[name] ??= {};
          const statuses = tally.heavy[name];
          while (performance.now() < endAt) {
            const answer = await Promise.race([
              connection.send(bytes),
              wait(endAt - performance.now() + 5000, undefined),
            ]);
            count(statuses, answer);
            if (answer !== undefined) noteRetryAfter(answer, tally);
            // A caller that is told to come back later, and is impatient.
            await wait(answer?.status === 200 ? 0 : 200);
          }
          connection.close();
        }),
      ),
    );
  }

  async function watchHealth(endAt: number, tally: Tally): Promise<void> {
    const connection = openConnection(port);
    const request = Buffer.from("GET /healthz HTTP/1.1\r\nhost: storm\r\n\r\n");
    while (performance.now() < endAt) {
      const start = performance.now();
      const answer = await connection.send(request);
      tally.health.push(answer?.status === 200 ? performance.now() - start : unanswered);
      await wait(100);
    }
    connection.close();
  }

  return async (order: LoadOrder): Promise<LoadReport> => {
    const tally = createTally();
    const startAt = performance.now();
    const endAt = startAt + order.seconds * 1000;
    const watching = watchHealth(endAt, tally);
    if (order.kind === "closed") await closed(order.connections, endAt, tally);
    else {
      await Promise.all([
        open(order.ratePerSecond, order.seconds, tally),
        order.heavy ? throwHeavy(endAt, tally) : undefined,
      ]);
    }
    await watching;
    return summarize(tally, order.seconds);
  };
}

function count(statuses: Record<string, number>, answer: RawAnswer | undefined): void {
  const key = answer === undefined ? "broken" : String(answer.status);
  statuses[key] = (statuses[key] ?? 0) + 1;
}

function noteRetryAfter({ status, retryAfter }: RawAnswer, tally: Tally): void {
  if (status === 503 && !(retryAfter !== undefined && retryAfter >= 1)) tally.withoutRetryAfter++;
}

function isRight({ body }: RawAnswer, expected: readonly string[]): boolean {
  const { ids } = JSON.parse(body.toString("utf8")) as { ids: readonly string[] };
  return ids.length === expected.length && ids.every((id, index) => id === expected[index]);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted.length === 0 ? 0 : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

function summarize(tally: Tally, seconds: number): LoadReport {
  const { accepted, refused, statuses, heavy, lags, health, sent, wrong, withoutRetryAfter, late } = tally;
  return {
    seconds,
    sent,
    statuses,
    heavy,
    p50Ms: quantile(accepted, 0.5),
    p99Ms: quantile(accepted, 0.99),
    refusedP99Ms: quantile(refused, 0.99),
    wrong,
    withoutRetryAfter,
    healthMaxMs: quantile(health, 1),
    healthP99Ms: quantile(health, 0.99),
    generatorLagP99Ms: quantile(lags, 0.99),
    late,
  };
}

let run: ((order: LoadOrder) => Promise<LoadReport>) | undefined;
process.on("message", async (message: LoadStart | LoadOrder) => {
  if ("port" in message) {
    run = createLoad(message);
    process.send!({ ready: true });
  } else process.send!(await run!(message));
});
