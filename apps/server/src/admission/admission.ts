/** What a request must pass before it runs, and what it is charged while it does: cost, bytes, time. */
import type { IncomingMessage } from "node:http";
import { performance } from "node:perf_hooks";
import { AttuneError } from "@attune/contracts";
import type { FastifyRequest } from "fastify";
import type { AnyAnswer, AnyRequest } from "../execution/any-request.ts";
import type { Lanes } from "../execution/lanes.ts";
import type { ServedVersion } from "../models/models.ts";
import type { ByteBudget } from "../queue/byte-budget.ts";
import { costOf, predictSize, recommendSize } from "../queue/cost.ts";
import type { Call } from "../queue/lane.ts";

export interface Admission {
  readonly budget: ByteBudget;
  /**
   * The first look at a request: whether the version that usually answers could take a body of that length in time, beside
   * those that were let in before and are still being read. One that is let in counts until its work is queued, or `leave`.
   */
  enter(request: IncomingMessage, bodyBytes: number): boolean;
  leave(request: IncomingMessage): void;
  /** The call a request makes. @throws {AttuneError} `SERVER_HEADER_INVALID`. */
  callOf(request: FastifyRequest): AskedCall;
  /** Runs work of the event loop whose cost grows with a body: at once for a small one, in its turn for a large one. */
  parse<Result>(bytes: number, work: () => Result, call: Call): Result | Promise<Result>;
  /**
   * Runs the checked requests of one body.
   *
   * @throws {AttuneError} `SERVER_TOO_MANY_ITEMS`, `SERVER_OVERLOADED`, `SERVER_DEADLINE`.
   */
  askMany(
    version: ServedVersion,
    requests: readonly AnyRequest[],
    call: AskedCall,
  ): Promise<readonly AnyAnswer[]>;
}

export interface AskedCall extends Call {
  /** The request itself. */
  readonly request: IncomingMessage;
}

export interface AdmissionOptions {
  readonly lanes: Lanes;
  readonly budget: ByteBudget;
  /** A request's time when it names none, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Sum of k over the requests of one body. */
  readonly maxSlateItems: number;
  /** The version that answers when a request names none. */
  usual(): Pick<ServedVersion, "cost" | "execution"> | undefined;
}

/** Longest time a request may allow itself, in milliseconds. */
const longestTimeoutMs = 600_000;

/** Bodies up to this are parsed as they come: 0.3 ms. */
const smallBodyBytes = 24 * 1024;

/** Parsing and checking JSON, microseconds a byte. */
const parseUsPerByte = 0.03;

/** Bytes of an entry of a history, as JSON: what is guessed before a body is read. */
const entryBytes = 10;

export function createAdmission(options: AdmissionOptions): Admission {
  const { lanes, budget, requestTimeoutMs, maxSlateItems, usual } = options;

  /** Requests that were let in and whose work is not queued yet, with what they are thought to cost. */
  const entered = new WeakMap<IncomingMessage, number>();
  let enteredUs = 0;

  function leave(request: IncomingMessage): void {
    enteredUs -= entered.get(request) ?? 0;
    entered.delete(request);
  }

  const laneOf = ({ execution }: Pick<ServedVersion, "execution">) =>
    execution.mode === "inline" ? lanes.loop : lanes.pool().lane;

  function sized(version: ServedVersion, request: AnyRequest) {
    const size = "history" in request ? recommendSize(request) : predictSize(request);
    return { request, entries: size.entries + size.items, costUs: costOf(version.cost, size) };
  }

  return {
    budget,
    enter(request, bodyBytes) {
      const version = usual();
      if (version === undefined) return true;
      const costUs = costOf(version.cost, { entries: bodyBytes / entryBytes, items: 0 });
      if (!laneOf(version).hasRoom(request.socket, costUs, enteredUs)) return false;
      entered.set(request, costUs);
      enteredUs += costUs;
      return true;
    },
    leave,
    callOf(request) {
      const timeoutMs = readTimeout(request.headers["x-request-timeout-ms"]) ?? requestTimeoutMs;
      const { span } = request;
      const { socket } = request.raw;
      return {
        request: request.raw,
        client: request.accessKey ?? socket,
        deadlineAt: performance.now() + timeoutMs,
        isAbandoned: () => socket.destroyed,
        ...(span !== undefined && {
          onRun({ queuedAt, startedAt, endedAt, requests }) {
            span.child("queue", queuedAt, startedAt);
            span.child("model", startedAt, endedAt, { "attune.batch_size": requests });
          },
        }),
      };
    },
    parse: (bytes, work, call) =>
      bytes <= smallBodyBytes ? work() : lanes.loop.work(bytes * parseUsPerByte, work, call),
    async askMany(version, requests, call) {
      leave(call.request);
      let items = 0;
      for (const request of requests) if ("history" in request) items += request.k ?? 0;
      if (requests.length > 1 && items > maxSlateItems) {
        throw new AttuneError("SERVER_TOO_MANY_ITEMS", { items, limit: maxSlateItems });
      }
      return laneOf(version).ask(
        version.runner,
        requests.map((request) => sized(version, request)),
        call,
      );
    },
  };
}

function readTimeout(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = typeof header === "string" && /^[0-9]{1,6}$/.test(header) ? Number(header) : 0;
  if (ms >= 1 && ms <= longestTimeoutMs) return ms;
  throw new AttuneError("SERVER_HEADER_INVALID", {
    issues: [`x-request-timeout-ms: expected milliseconds from 1 to ${longestTimeoutMs}`],
  });
}
