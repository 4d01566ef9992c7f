/**
 * Self-clocked fair queueing (Golestani 1994): work is ordered by when it would be done if every client had the same share
 * of the lane. One that asks for much waits for its own work, not others for it, and a short request is not kept by the
 * long ones that came before it.
 */

/** Who asks: a connection or a key. Compared by identity. */
export type Client = unknown;

export interface Entry<Work> {
  readonly work: Work;
  readonly client: Client;
  /** Estimated microseconds on the lane, > 0. */
  readonly costUs: number;
  /** When it would be done, in virtual time: microseconds of work of each client that has any. */
  readonly finish: number;
}

export interface FairQueue<Work> {
  readonly length: number;
  /** Sum of the costs that wait, in microseconds. */
  readonly costUs: number;
  /** Cost that would run before work of this client is done, the work itself included. Nothing is queued. */
  costThrough(client: Client, costUs: number): number;
  push(client: Client, costUs: number, work: Work): void;
  /** In the order they would run; valid until the next change. */
  entries(): readonly Entry<Work>[];
  /** Takes entries out, to run or to drop them. */
  take(entries: ReadonlySet<Entry<Work>>): void;
}

/** Clients are forgotten when there are more than this and their share has passed. */
const rememberedClients = 4096;

export function createFairQueue<Work>(): FairQueue<Work> {
  /** Rising by `finish`; of equal ones the first come is first. */
  let entries: Entry<Work>[] = [];
  let costUs = 0;
  /** Finish of what was taken last from the front. */
  let virtualTime = 0;
  /** Client → when its last work would be done, in virtual time. */
  const finishes = new Map<Client, number>();

  const finishOf = (client: Client, cost: number) => Math.max(virtualTime, finishes.get(client) ?? 0) + cost;

  /** Index of the first entry that is done after `finish`. */
  function indexAfter(finish: number): number {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (entries[middle]!.finish <= finish) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function forgetClients(): void {
    for (const [client, finish] of finishes) if (finish <= virtualTime) finishes.delete(client);
  }

  return {
    get length() {
      return entries.length;
    },
    get costUs() {
      return costUs;
    },
    costThrough(client, cost) {
      const end = indexAfter(finishOf(client, cost));
      let through = cost;
      for (let index = 0; index < end; index++) through += entries[index]!.costUs;
      return through;
    },
    push(client, cost, work) {
      const finish = finishOf(client, cost);
      finishes.set(client, finish);
      if (finishes.size > rememberedClients) forgetClients();
      entries.splice(indexAfter(finish), 0, { work, client, costUs: cost, finish });
      costUs += cost;
    },
    entries: () => entries,
    take(taken) {
      if (taken.size === 0) return;
      const [first] = entries;
      if (first !== undefined && taken.has(first)) virtualTime = Math.max(virtualTime, first.finish);
      for (const entry of taken) costUs -= entry.costUs;
      entries = entries.filter((entry) => !taken.has(entry));
      if (entries.length > 0) return;
      // Idle: everybody's share begins anew.
      costUs = 0;
      virtualTime = 0;
      finishes.clear();
    },
  };
}
