/** Names in, versions out. A table never changes: a swap puts another in its place, in one step. */
import type { Split } from "./split.ts";

/** The alias that answers when a request names nothing, unless the server was given another default. */
export const championAlias = "champion";

/** What a table leads to. */
export interface Routed {
  readonly name: string;
  readonly version: number;
}

export interface RouteOptions {
  readonly version?: number | undefined;
  readonly key?: string | undefined;
}

export interface Route<Target> {
  readonly target: Target;
  readonly alias?: string;
}

export interface RouteTable<Target extends Routed> {
  readonly aliases: ReadonlyMap<string, Split<Target>>;
  /** Where a model's own name leads. */
  readonly names: ReadonlyMap<string, Target>;
  /** An alias or a model's name. */
  readonly defaultReference: string | undefined;
  /** Without a reference: the default. */
  find(reference?: string, options?: RouteOptions): Route<Target> | undefined;
  /** Aliases that lead to the target, by name. */
  aliasesOf(target: Target): readonly string[];
}

export interface TableParts<Target> {
  readonly aliases: ReadonlyMap<string, Split<Target>>;
  /** Everything that may be asked by name and version. */
  readonly targets: Iterable<Target>;
  /** Where the model's name may lead, best first → the choice. */
  choose(name: string, ranked: readonly Target[]): Target;
  /** Of the names there are. */
  chooseDefault(names: readonly string[]): string | undefined;
}

export function createRouteTable<Target extends Routed>({
  aliases,
  targets,
  choose,
  chooseDefault,
}: TableParts<Target>): RouteTable<Target> {
  const versions = new Map<string, Map<number, Target>>();
  for (const target of targets) {
    const known = versions.get(target.name) ?? new Map<number, Target>();
    versions.set(target.name, known.set(target.version, target));
  }
  const names = new Map<string, Target>();
  for (const [name, known] of versions) {
    names.set(name, choose(name, rank([...known.values()], aliases)));
  }
  const defaultReference = chooseDefault([...names.keys()]);

  function find(reference = defaultReference, { version, key }: RouteOptions = {}) {
    if (reference === undefined) return undefined;
    const split = aliases.get(reference);
    const target =
      split === undefined
        ? version === undefined
          ? names.get(reference)
          : versions.get(reference)?.get(version)
        : version === undefined
          ? split.pick(key)
          : split.shares.find((one) => one.target.version === version)?.target;
    return target && { target, ...(split !== undefined && { alias: reference }) };
  }

  return {
    aliases,
    names,
    defaultReference,
    find,
    aliasesOf: (target) =>
      [...aliases]
        .filter(([, { shares }]) => shares.some((share) => share.target === target))
        .map(([alias]) => alias),
  };
}

/**
 * Where a model's name leads: to the version that champion gives most to, then to the one with the largest share of any
 * alias, then to the highest. So a name leads to a challenger or a canary only when nothing else is there.
 */
function rank<Target extends Routed>(
  targets: readonly Target[],
  aliases: ReadonlyMap<string, Split<Target>>,
): readonly Target[] {
  const shareOf = (split: Split<Target> | undefined, target: Target) =>
    split?.shares.find((share) => share.target === target)?.share ?? -1;
  const champion = aliases.get(championAlias);
  const keyed = targets.map((target) => ({
    target,
    keys: [
      shareOf(champion, target),
      Math.max(-1, ...[...aliases.values()].map((split) => shareOf(split, target))),
      target.version,
    ],
  }));
  return keyed.toSorted((a, b) => compare(b.keys, a.keys)).map(({ target }) => target);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index < 0 ? 0 : a[index]! - b[index]!;
}
