/** Work that must not overlap: one after the other, and a repeated wish joins the one that has not begun. */

export interface Turns {
  /** Runs after everything that was asked before. */
  take<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(work) {
      const result = last.then(work);
      last = result.catch(() => {});
      return result;
    },
  };
}

/** Calls that come while one is running share the next: it begins after they were made, so it sees what they saw. */
export function joinCalls<Result>(turns: Turns, work: () => Promise<Result>): () => Promise<Result> {
  let next: Promise<Result> | undefined;
  return () => {
    next ??= turns.take(() => {
      next = undefined;
      return work();
    });
    return next;
  };
}
