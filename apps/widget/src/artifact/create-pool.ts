/** One loaded artifact for all elements of a page that name the same address. */

/** What can be shared: anything with an end. */
export interface Closable {
  close(): Promise<void>;
}

/** A share of a loaded thing. Give it back once, either way; the last one closes the thing. */
export interface Lease<T extends Closable> {
  readonly value: Promise<T>;
  release(): void;
  /** Releases a thing that is of no use any more: the next lease of its key loads another. */
  discard(): void;
}

/** Loads each key once and hands out leases. */
export interface Pool<T extends Closable, P> {
  /**
   * @param onProgress - called while the thing loads, at once with the last report when one was made already.
   */
  lease(key: string, onProgress?: (progress: P) => void): Lease<T>;
}

interface Entry<T, P> {
  readonly value: Promise<T>;
  readonly listeners: Set<(progress: P) => void>;
  last?: P;
  leases: number;
  isClosed: boolean;
}

/**
 * @param open - loads the thing of a key. A failed load is forgotten, so that the next lease tries again.
 * @param later - runs a function a little later: an element that only moves in the document leaves and comes
 * back, and should not pay for a new load.
 */
export function createPool<T extends Closable, P>(
  open: (key: string, onProgress: (progress: P) => void) => Promise<T>,
  later: (run: () => void) => void,
): Pool<T, P> {
  const entries = new Map<string, Entry<T, P>>();

  function start(key: string): Entry<T, P> {
    const entry: Omit<Entry<T, P>, "value"> = { listeners: new Set(), leases: 0, isClosed: false };
    const report = (progress: P) => {
      entry.last = progress;
      for (const listener of entry.listeners) listener(progress);
    };
    // Assigned at once, though `open` may report before it returns.
    const started = Object.assign(entry, { value: open(key, report) });
    entries.set(key, started);
    started.value.catch(() => forget(key, started));
    return started;
  }

  function forget(key: string, entry: Entry<T, P>): void {
    if (entries.get(key) === entry) entries.delete(key);
  }

  function closeUnused(key: string, entry: Entry<T, P>): void {
    if (entry.leases > 0 || entry.isClosed) return;
    entry.isClosed = true;
    forget(key, entry);
    // A load that failed has nothing to close; whoever waited for it was told.
    entry.value.then((value) => value.close()).catch(() => undefined);
  }

  return {
    lease(key, onProgress) {
      const entry = entries.get(key) ?? start(key);
      entry.leases += 1;
      if (onProgress !== undefined) {
        entry.listeners.add(onProgress);
        if (entry.last !== undefined) onProgress(entry.last);
      }
      let released = false;
      function release(): void {
        if (released) return;
        released = true;
        entry.leases -= 1;
        if (onProgress !== undefined) entry.listeners.delete(onProgress);
        later(() => closeUnused(key, entry));
      }
      return {
        value: entry.value,
        release,
        discard() {
          if (!released) forget(key, entry);
          release();
        },
      };
    },
  };
}
