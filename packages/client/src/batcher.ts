/** Joins calls that come at about the same time into one body, and gives each its own answer. */
import type { Call } from "./call.ts";
import { createDeadline, type Deadline } from "./deadline.ts";
import { AttuneClientError } from "./error.ts";
import { itemsOf, maxRequestsPerBody } from "./many.ts";
import type { BatchOptions, CallOptions, Settings } from "./options.ts";
import { areResults } from "./shapes.ts";

interface Member<Request, Answer> {
  readonly request: Request;
  readonly deadline: Deadline;
  resolve(answer: Answer | PromiseLike<Answer>): void;
  reject(reason: unknown): void;
}

interface Group<Request, Answer> {
  readonly members: Set<Member<Request, Answer>>;
  readonly options: CallOptions;
  readonly timer: ReturnType<typeof setTimeout>;
  items: number;
}

/** Statuses of a body that was refused for what is in it: perhaps for one of its requests only. */
const refused = [400, 413];

/** @returns a call that may wait a little for others to the same model with the same routing key. */
export function createBatcher<Request extends object, Answer>(
  path: string,
  is: (value: unknown) => value is Answer,
  {
    call,
    settings,
    batch,
  }: { readonly call: Call; readonly settings: Settings; readonly batch: BatchOptions },
): (request: Request, options: CallOptions) => Promise<Answer> {
  const { maxRequests = 32, waitMs = 2, maxItems = Number.POSITIVE_INFINITY } = batch;
  const groups = new Map<string, Group<Request, Answer>>();

  function flush(key: string): void {
    const group = groups.get(key);
    if (group === undefined) return;
    groups.delete(key);
    clearTimeout(group.timer);
    void ask(group);
  }

  /** The caller's deadline is the member's; the body has until the last of them. */
  async function ask({ members, options }: Group<Request, Answer>): Promise<void> {
    const asked = [...members];
    if (asked.length === 0) return;
    if (asked.length === 1) return alone(asked[0]!, options);
    const abandoned = new AbortController();
    for (const { deadline } of asked) {
      deadline.signal.addEventListener("abort", () => {
        if (members.size === 0) abandoned.abort();
      });
    }
    const timeoutMs = Math.max(1, ...asked.map(({ deadline }) => deadline.left()));
    try {
      const body = { requests: asked.map(({ request }) => request) };
      const { results } = await call(
        { path, body, is: areResults(is, asked.length) },
        { ...options, timeoutMs, signal: abandoned.signal },
      );
      asked.forEach((member, index) => {
        member.resolve(results[index]!);
      });
    } catch (error) {
      const mayBeOfOne = error instanceof AttuneClientError && refused.includes(error.status);
      for (const member of members) {
        if (mayBeOfOne) alone(member, options);
        else member.reject(error);
      }
    }
  }

  function alone({ request, deadline, resolve }: Member<Request, Answer>, options: CallOptions): void {
    const timeoutMs = Math.max(1, deadline.left());
    resolve(call({ path, body: request, is }, { ...options, timeoutMs, signal: deadline.signal }));
  }

  function groupFor(key: string, items: number, options: CallOptions): Group<Request, Answer> {
    const open = groups.get(key);
    if (open !== undefined && open.items + items <= maxItems) return open;
    flush(key);
    const timer = setTimeout(() => flush(key), waitMs);
    const group = { members: new Set<Member<Request, Answer>>(), options, timer, items: 0 };
    groups.set(key, group);
    return group;
  }

  return (request, { signal, timeoutMs = settings.timeoutMs, ...options }) => {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const deadline = createDeadline(timeoutMs, settings.clock, signal);
    const key = JSON.stringify([options.model, options.routingKey]);
    const items = itemsOf(request);
    const group = groupFor(key, items, options);
    const answer = new Promise<Answer>((resolve, reject) => {
      const member = { request, deadline, resolve, reject };
      group.members.add(member);
      group.items += items;
      deadline.signal.addEventListener("abort", () => {
        group.members.delete(member);
        reject(deadline.signal.reason);
      });
    });
    if (group.members.size >= Math.min(maxRequests, maxRequestsPerBody)) flush(key);
    return answer.finally(() => deadline.clear());
  };
}
