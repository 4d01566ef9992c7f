/** Which open versions answer, and by which names: one table, replaced in one step. */
import { AttuneError, isAttuneError } from "@attune/contracts";
import { type AliasEntry, type AliasTarget, aliasTargets } from "@attune/contracts/manifest";
import { publicReason } from "./public-reason.ts";
import { championAlias, createRouteTable, type RouteTable } from "./routing/route-table.ts";
import { createSplit, type Split } from "./routing/split.ts";
import type { Slot } from "./slot.ts";
import { assertSwap, swapIssues } from "./swap-check.ts";
import { type OpenedVersion, type Shelf, versionId } from "./version-shelf.ts";

export interface Placement<Version> {
  readonly table: RouteTable<Slot<Version>>;
  /** What each alias is set to, by alias. */
  readonly entries: ReadonlyMap<string, AliasEntry>;
  /** Name → the version that serves its model without an alias. */
  readonly taken: ReadonlyMap<string, Slot<Version>>;
  /** Ids of versions that were loaded by hand. */
  readonly held: Set<string>;
  /** Aliases that lead nowhere, and why. */
  readonly refused: ReadonlyMap<string, string>;
  /**
   * Moves every name at once; what nothing leads to any more retires. An alias that cannot move stays where it is.
   *
   * @returns the ids that retired, and the swaps that were refused.
   */
  settle(next: {
    readonly aliases?: Iterable<AliasEntry>;
    readonly taken?: ReadonlyMap<string, Slot<Version>>;
    /** Versions to let go, whatever keeps them. */
    readonly without?: ReadonlySet<Slot<Version>>;
  }): Settled;
}

export interface RefusedAlias {
  readonly entry: AliasEntry;
  /** `SERVER_SWAP`, or `SERVER_MODEL_UNAVAILABLE` when a version it names is not open. */
  readonly cause: unknown;
}

export interface Settled {
  readonly retired: readonly string[];
  readonly refused: readonly RefusedAlias[];
}

/** @param defaultModel - an alias or a name that answers when a request names nothing. */
export function createPlacement<Version extends OpenedVersion>(
  shelf: Shelf<Version>,
  defaultModel: string | undefined,
): Placement<Version> {
  const none: ReadonlySet<Slot<Version>> = new Set();
  const held = new Set<string>();
  let entries: ReadonlyMap<string, AliasEntry> = new Map();
  let taken: ReadonlyMap<string, Slot<Version>> = new Map();
  let refusedAliases: ReadonlyMap<string, string> = new Map();
  let table: RouteTable<Slot<Version>> = createRouteTable({
    aliases: new Map<string, Split<Slot<Version>>>(),
    targets: [],
    choose: (_, [first]) => first!,
    chooseDefault: () => defaultModel,
  });

  function slotOf({ model, version }: AliasTarget): Slot<Version> {
    const slot = shelf.find(model, version);
    if (slot !== undefined) return slot;
    const reason = shelf.absent().find((one) => one.name === model && one.version === version)?.reason;
    throw new AttuneError("SERVER_MODEL_UNAVAILABLE", { model, version, reason: reason ?? "not loaded" });
  }

  /** Who asks by this alias today. Callers that name nothing meet a new champion instead of what answered them. */
  function callersOf(alias: string): Slot<Version> | undefined {
    const split = table.aliases.get(alias);
    if (split !== undefined) return split.largest;
    return alias === championAlias && defaultModel === undefined ? table.find()?.target : undefined;
  }

  function routeOf(entry: AliasEntry): Split<Slot<Version>> {
    const shares = aliasTargets(entry).map((target) => {
      const slot = slotOf(target);
      return { target: slot, id: versionId(slot), share: target.share };
    });
    const before = callersOf(entry.alias);
    for (const { target, id } of before === undefined ? [] : shares) {
      assertSwap(
        { id: versionId(before!), manifest: before!.served.manifest },
        { id, manifest: target.served.manifest },
      );
    }
    return createSplit(shares, entry.seed ?? 0);
  }

  function routeAliases(wanted: Iterable<AliasEntry>) {
    const routes = new Map<string, Split<Slot<Version>>>();
    const set = new Map<string, AliasEntry>();
    const refused: RefusedAlias[] = [];
    for (const entry of wanted) {
      const { alias } = entry;
      try {
        routes.set(alias, routeOf(entry));
        set.set(alias, entry);
      } catch (cause) {
        refused.push({ entry, cause });
        const [before, current] = [table.aliases.get(alias), entries.get(alias)];
        if (before !== undefined) routes.set(alias, before);
        if (current !== undefined) set.set(alias, current);
      }
    }
    return { routes, set, refused };
  }

  /** A model's name stays with its callers too, as long as anything fit for them is there. */
  function choose(name: string, ranked: readonly Slot<Version>[]): Slot<Version> {
    const before = table.names.get(name)?.served.manifest;
    const fit = before && ranked.find(({ served }) => swapIssues(before, served.manifest).length === 0);
    return fit ?? ranked[0]!;
  }

  function chooseDefault(
    aliases: ReadonlyMap<string, unknown>,
    wantsChampion: boolean,
    names: readonly string[],
  ): string | undefined {
    if (defaultModel !== undefined) return defaultModel;
    if (aliases.has(championAlias)) return championAlias;
    // Neither a second model nor a champion that did not pass takes the answers of those who name none.
    const before = names.find((name) => name === table.defaultReference);
    if (wantsChampion) return before ?? championAlias;
    return names.length === 1 ? names[0] : before;
  }

  return {
    get table() {
      return table;
    },
    get entries() {
      return entries;
    },
    get taken() {
      return taken;
    },
    held,
    get refused() {
      return refusedAliases;
    },
    settle({ aliases = entries.values(), taken: nextTaken = taken, without = none }) {
      const wanted = [...aliases];
      const { routes, set, refused } = routeAliases(wanted);
      const wantsChampion = wanted.some(({ alias }) => alias === championAlias);
      const byHand = [...shelf.slots].filter(
        (slot) => held.has(versionId(slot)) && shelf.find(slot.name, slot.version) === slot,
      );
      const routed = [...routes.values()].flatMap(({ shares }) => shares.map(({ target }) => target));
      const needed = new Set(
        [...routed, ...nextTaken.values(), ...byHand].filter((slot) => !without.has(slot)),
      );
      for (const slot of needed) slot.open();
      table = createRouteTable({
        aliases: routes,
        targets: needed,
        choose,
        chooseDefault: (names) => chooseDefault(routes, wantsChampion, names),
      });
      entries = set;
      taken = new Map([...nextTaken].filter(([, slot]) => needed.has(slot)));
      refusedAliases = new Map(
        refused
          .filter(({ entry: { alias } }) => !routes.has(alias))
          .map(({ entry: { alias }, cause }) => [alias, reasonOf(cause)]),
      );
      const retiring = [...shelf.slots].filter((slot) => !needed.has(slot) && slot.state !== "retiring");
      for (const slot of retiring) shelf.retire(slot);
      return { retired: retiring.map(versionId), refused };
    },
  };
}

function reasonOf(cause: unknown): string {
  if (!isAttuneError(cause, "SERVER_MODEL_UNAVAILABLE")) return publicReason(cause);
  const { model, version, reason } = cause.details;
  return `${model}/${version}: ${reason}`;
}
