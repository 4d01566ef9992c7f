/** What was picked, and its place in the address bar. Pure but for `createPicks`. */

/** Reads picks from a location hash: `#item=318&item=296`. Repeats and empty ids are left out. */
export function parsePicks(hash: string): readonly string[] {
  const ids = new URLSearchParams(hash.replace(/^#/, "")).getAll("item");
  return [...new Set(ids.filter((id) => id !== ""))];
}

/** The hash for picks; `""` for none. `parsePicks` reads it back. */
export function formatPicks(picks: readonly string[]): string {
  if (picks.length === 0) return "";
  return `#${new URLSearchParams(picks.map((id): [string, string] => ["item", id]))}`;
}

/** The page's picks: one list, told to whoever listens. */
export interface Picks {
  /** Oldest first. */
  readonly ids: readonly string[];
  has(id: string): boolean;
  /** Adds an id that is not there, removes one that is. */
  toggle(id: string): void;
  clear(): void;
  /** Called after each change, and once at the start. */
  listen(listener: (ids: readonly string[]) => void): void;
}

/** Picks that live in the hash of `page`, so that the address can be shared. */
export function createPicks(page: Window): Picks {
  let ids = parsePicks(page.location.hash);
  const listeners: ((ids: readonly string[]) => void)[] = [];

  function set(next: readonly string[]): void {
    ids = next;
    const { pathname, search } = page.location;
    page.history.replaceState(null, "", formatPicks(ids) || `${pathname}${search}`);
    for (const listener of listeners) listener(ids);
  }

  page.addEventListener("hashchange", () => set(parsePicks(page.location.hash)));

  return {
    get ids() {
      return ids;
    },
    has: (id) => ids.includes(id),
    toggle: (id) => set(ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]),
    clear: () => set([]),
    listen(listener) {
      listeners.push(listener);
      listener(ids);
    },
  };
}
