/**
 * A lane: what runs on one resource, the event loop or the pool of threads, in fair order and with a bounded wait.
 * Nothing waits on a timer: alone, a request runs at once; under load, batches grow by themselves.
 */
import { AttuneError } from "@attune/contracts";
import { type BatchLimits, chooseBatch, defaultBatchLimits, type Sized } from "./batch.ts";
import { type Client, createFairQueue, type Entry } from "./fair-queue.ts";
import { createSpeed } from "./speed.ts";

/** Where requests of one version run. */
export interface Runner<Request = unknown, Answer = unknown> {
  /** As many answers as requests, in their order. Requests are checked. */
  run(requests: readonly Request[]): Promise<readonly Answer[]>;
  /** Told after each run. */
  onRun?(requests: number, durationMs: number): void;
  /** Told how long a request waited. */
  onWait?(waitMs: number): void;
}

/** For whom, and how long it is worth it. */
export interface Call {
  readonly client: Client;
  /** On the clock of `performance.now()`. */
  readonly deadlineAt: number;
  /** Nobody would read the answer. */
  isAbandoned(): boolean;
  /** Told of each run that answers a part of it. Times are on the clock of `performance.now()`. */
  onRun?(run: { queuedAt: number; startedAt: number; endedAt: number; requests: number }): void;
}

export type ShedReason = "queue" | "deadline" | "abandoned";

export interface LaneOptions {
  /** Batches under way at the same time: in the pool, the number of threads. */
  readonly slots: number;
  /**
   * For the event loop, where what has begun runs in one turn, and connections are read between turns: estimated
   * microseconds past which no further batch begins. The next ones begin when all of these have ended, so that what
   * arrives meanwhile shares runs.
   */
  readonly turnUs?: number;
  /** Longest estimated wait of admitted work, in milliseconds. */
  readonly maxQueueMs: number;
  readonly onShed?: (reason: ShedReason) => void;
  readonly limits?: BatchLimits;
}

export interface Lane {
  /** Units of work that wait. */
  readonly depth: number;
  /** Estimated milliseconds until what waits is done. */
  readonly waitMs: number;
  /** Whether work of this cost would be admitted now, when work of `besidesUs` comes before it that is not queued yet. */
  hasRoom(client: Client, costUs: number, besidesUs: number): boolean;
  /**
   * Queues the requests of one call, all or none, and resolves with their answers in their order.
   *
   * @throws {AttuneError} `SERVER_OVERLOADED` at once, or `SERVER_DEADLINE` when the time is up before the last begins.
   */
  ask<Request, Answer>(
    runner: Runner<Request, Answer>,
    requests: readonly (Sized & { readonly request: Request })[],
    call: Call,
  ): Promise<readonly Answer[]>;
  /** Queues a piece of other work of the event loop, such as parsing a large body. Same errors. */
  work<Result>(costUs: number, work: () => Result, call: Call): Promise<Result>;
}

/** One call, which succeeds or fails as a whole. */
interface Ticket {
  readonly call: Call;
  readonly queuedAt: number;
  /** Of all its requests. */
  readonly costUs: number;
  readonly answers: unknown[];
  missing: number;
  isOver: boolean;
  resolve(answers: readonly unknown[]): void;
  reject(cause: unknown): void;
}

interface Task extends Sized {
  readonly ticket: Ticket;
  readonly index: number;
  /** Tasks of one runner share runs; without one it is `request` that is called. */
  readonly runner: Runner | undefined;
  readonly request: unknown;
}

/** Calls up to this are not overtaken for longer than the longest wait. */
const promisedUs = 2000;

/** Entries looked at for one batch. */
const batchWindow = 64;

export function createLane(options: LaneOptions): Lane {
  const { slots, maxQueueMs, onShed, turnUs, limits = defaultBatchLimits } = options;
  const speed = createSpeed();
  const queue = createFairQueue<Task>();
  let running = 0;
  let runningUs = 0;
  let isScheduled = false;
  function waitOf(client: Client, costUs: number): number {
    return speed.toMs(queue.costThrough(client, costUs) - costUs);
  }

  function admit(costUs: number, { client, deadlineAt }: Call): void {
    const waitMs = waitOf(client, costUs);
    if (waitMs <= maxQueueMs && performance.now() + waitMs <= deadlineAt) return;
    onShed?.("queue");
    throw new AttuneError("SERVER_OVERLOADED", { retryAfterSeconds: retryAfter(waitMs) });
  }

  function enqueue(
    tasks: readonly Omit<Task, "ticket" | "index">[],
    call: Call,
  ): Promise<readonly unknown[]> {
    return new Promise((resolve, reject) => {
      const count = tasks.length;
      const ticket: Ticket = {
        call,
        queuedAt: performance.now(),
        costUs: tasks.reduce((sum, { costUs }) => sum + costUs, 0),
        answers: new Array(count),
        missing: count,
        isOver: false,
        resolve,
        reject,
      };
      tasks.forEach((task, index) => {
        queue.push(call.client, task.costUs, { ...task, ticket, index });
      });
      schedule();
    });
  }

  function schedule(): void {
    const isFull = turnUs === undefined ? running >= slots : running > 0;
    if (isScheduled || isFull || queue.length === 0) return;
    isScheduled = true;
    if (running === 0) speed.begin(performance.now());
    // After the poll phase: every request whose bytes have arrived is in the queue by then.
    setImmediate(start);
  }

  function start(): void {
    isScheduled = false;
    while (running < slots && runningUs < (turnUs ?? Infinity)) {
      const batch = takeBatch();
      if (batch.length === 0) return;
      void run(batch);
    }
  }

  async function run(batch: readonly Task[]): Promise<void> {
    const [{ runner, request }] = batch as readonly [Task];
    const costUs = batch.reduce((sum, task) => sum + task.costUs, 0);
    running++;
    runningUs += costUs;
    const startedAt = performance.now();
    for (const { ticket } of batch) runner?.onWait?.(startedAt - ticket.queuedAt);
    try {
      const answers =
        runner === undefined
          ? [(request as () => unknown)()]
          : await runner.run(batch.map((task) => task.request));
      const endedAt = performance.now();
      runner?.onRun?.(batch.length, endedAt - startedAt);
      tellCalls(batch, startedAt, endedAt);
      batch.forEach((task, index) => {
        settle(task, answers[index]);
      });
    } catch (cause) {
      for (const { ticket } of batch) fail(ticket, cause);
    }
    speed.ran(costUs, performance.now());
    running--;
    runningUs -= costUs;
    schedule();
  }

  /** Drops what nobody waits for any more, then takes the first in line and what may run with it. */
  function takeBatch(): readonly Task[] {
    const now = performance.now();
    const dropped = new Set(queue.entries().filter(({ work: { ticket } }) => isDropped(ticket, now)));
    queue.take(dropped);
    const entries = queue.entries();
    const first = mostOverdue(entries, now) ?? entries[0];
    if (first === undefined) return [];
    const window = [first];
    const { runner } = first.work;
    for (const entry of entries) {
      if (runner === undefined || window.length === batchWindow) break;
      if (entry !== first && entry.work.runner === runner) window.push(entry);
    }
    const byTask = new Map(window.map((entry) => [entry.work, entry]));
    const batch = chooseBatch(first.work, [...byTask.keys()], limits);
    queue.take(new Set(batch.map((task) => byTask.get(task)!)));
    return batch;
  }

  /**
   * What was let in on the promise of a bounded wait and has waited longer: clients that came later, with more of their
   * share left, have gone before it. Work larger than a turn was promised its share only.
   */
  function mostOverdue(entries: readonly Entry<Task>[], now: number): Entry<Task> | undefined {
    let oldest: Entry<Task> | undefined;
    let oldestAt = now - maxQueueMs;
    for (const entry of entries) {
      const { queuedAt, costUs } = entry.work.ticket;
      if (queuedAt >= oldestAt || costUs > promisedUs) continue;
      oldest = entry;
      oldestAt = queuedAt;
    }
    return oldest;
  }

  function isDropped(ticket: Ticket, now: number): boolean {
    if (ticket.isOver) return true;
    const reason = ticket.call.isAbandoned()
      ? "abandoned"
      : now > ticket.call.deadlineAt
        ? "deadline"
        : undefined;
    if (reason === undefined) return false;
    onShed?.(reason);
    fail(ticket, new AttuneError("SERVER_DEADLINE", { waitedMs: Math.round(now - ticket.queuedAt) }));
    return true;
  }

  return {
    get depth() {
      return queue.length;
    },
    get waitMs() {
      return speed.toMs(queue.costUs);
    },
    hasRoom: (client, costUs, besidesUs) => waitOf(client, costUs) + speed.toMs(besidesUs) <= maxQueueMs,
    async ask(runner, requests, call) {
      admit(
        requests.reduce((sum, { costUs }) => sum + costUs, 0),
        call,
      );
      const tasks = requests.map(({ request, costUs, entries }) => ({
        runner: runner as Runner,
        request,
        costUs,
        entries,
      }));
      return (await enqueue(tasks, call)) as never;
    },
    async work(costUs, work, call) {
      admit(costUs, call);
      const [result] = await enqueue([{ runner: undefined, request: work, costUs, entries: 0 }], call);
      return result as never;
    },
  };
}

/** Each call once, however many of its requests were in the run. */
function tellCalls(batch: readonly Task[], startedAt: number, endedAt: number): void {
  let told: Set<Ticket> | undefined;
  for (const { ticket } of batch) {
    if (ticket.call.onRun === undefined || told?.has(ticket)) continue;
    told = (told ?? new Set()).add(ticket);
    ticket.call.onRun({ queuedAt: ticket.queuedAt, startedAt, endedAt, requests: batch.length });
  }
}

function settle({ ticket, index }: Task, answer: unknown): void {
  ticket.answers[index] = answer;
  ticket.missing--;
  if (ticket.missing > 0 || ticket.isOver) return;
  ticket.isOver = true;
  ticket.resolve(ticket.answers);
}

function fail(ticket: Ticket, cause: unknown): void {
  if (ticket.isOver) return;
  ticket.isOver = true;
  ticket.reject(cause);
}

/** Whole seconds, as RFC 9110 §10.2.3 has it. */
function retryAfter(waitMs: number): number {
  return Math.max(1, Math.ceil(waitMs / 1000));
}
