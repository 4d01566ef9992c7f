/** One reload: what is there, what is wanted of it, what passes, and then all names at once. */
import { AttuneError, isAttuneError } from "@attune/contracts";
import { type AliasEntry, aliasFileName, aliasTargets } from "@attune/contracts/manifest";
import type { Readiness, Steps } from "../model/readiness.ts";
import { unseenSteps } from "../model/readiness.ts";
import type { ServerLogger } from "../observe/log.ts";
import type { ReloadReport } from "./models.ts";
import type { Placement } from "./placement.ts";
import { publicReason } from "./public-reason.ts";
import { championAlias } from "./routing/route-table.ts";
import type { Slot } from "./slot.ts";
import type { Candidate, Scan, VersionSource } from "./source/version-source.ts";
import { assertSwap } from "./swap-check.ts";
import { type OpenedVersion, type Shelf, versionId } from "./version-shelf.ts";

export interface ReloadParts<Version> {
  readonly source: VersionSource;
  readonly shelf: Shelf<Version>;
  readonly placement: Placement<Version>;
  readonly readiness: Readiness;
  readonly logger: ServerLogger;
  readonly defaultModel: string | undefined;
  /** Names and ids that were unloaded by hand. */
  readonly unloaded: Set<string>;
  readonly isReady: () => boolean;
  readonly isClosed: () => boolean;
  /** Told what was passed over in the folder, also when it is nothing. */
  readonly onScan: (warnings: readonly string[]) => void;
}

export interface ReloadOutcome extends ReloadReport {
  /** What kept the default from answering, or else the first thing that went wrong. */
  readonly cause?: unknown;
}

/** What is proven of one model: the first of its versions that passes. */
interface Wanted {
  readonly candidates: readonly Candidate[];
  /** Whether what answers without a name waits for it. */
  readonly isDefault: boolean;
  /** Whether the model is served by it without an alias. */
  readonly isTaken: boolean;
}

export async function reloadOnce<Version extends OpenedVersion>(
  parts: ReloadParts<Version>,
): Promise<ReloadOutcome> {
  const { source, shelf, placement, logger, isClosed } = parts;
  const opened: Slot<Version>[] = [];
  const refused: string[] = [];
  let cause: unknown;

  function refuse(what: string, error: unknown, fields: Readonly<Record<string, unknown>> = {}): void {
    cause ??= error;
    refused.push(`${what}: ${publicReason(error)}`);
    logger.error({ err: error, ...fields }, "the artifact cannot be served");
  }

  let scan: Scan;
  let aliases: readonly AliasEntry[];
  try {
    scan = await scanSource(parts);
    parts.onScan(scan.warnings);
    aliases = aliasesOf(scan, placement);
  } catch (error) {
    refuse(isAttuneError(error, "SERVER_ALIASES") ? aliasFileName : source.kind, error);
    return { loaded: [], retired: [], refused, cause };
  }
  shelf.forget((name, version) => scan.models.get(name)?.has(version) ?? false);

  const taken = new Map<string, Slot<Version>>();
  for (const wanted of planOf(scan, aliases, parts)) {
    const slot = await proveFirst(wanted, parts, {
      onOpened: (slot) => opened.push(slot),
      onRefused: ({ name, version }, error) =>
        refuse(versionId({ name, version }), error, { model: name, version }),
    });
    if (isClosed()) return { loaded: [], retired: [], refused, cause };
    if (slot !== undefined && wanted.isTaken) taken.set(slot.name, slot);
  }
  for (const { name, error } of keepInPlace(taken, scan, aliases, parts))
    refuse(name, error, { model: name });

  const settled = placement.settle({ aliases, taken });
  for (const { entry, cause: error } of settled.refused) {
    // Of a version that did not pass, all was said above.
    if (isAttuneError(error, "SERVER_MODEL_UNAVAILABLE")) continue;
    refuse(entry.alias, error, { alias: entry.alias });
    for (const { model, version } of aliasTargets(entry)) {
      if (shelf.find(model, version) === undefined) shelf.explain(model, version, publicReason(error));
    }
  }
  const loaded = opened.filter(({ state }) => state === "ready").map(versionId);
  return { loaded, retired: settled.retired, refused, cause };
}

/** Reading a single artifact's manifest is the first of its steps. */
function scanSource<Version>({ source, readiness, isReady }: ReloadParts<Version>): Promise<Scan> {
  if (source.kind === "repository" || isReady()) return source.scan();
  readiness.begin();
  return readiness.run("sha256", () => source.scan());
}

/** @throws {AttuneError} `SERVER_ALIASES`: then nothing at all changes. */
function aliasesOf<Version>(scan: Scan, { entries }: Placement<Version>): readonly AliasEntry[] {
  if (scan.aliases instanceof AttuneError) throw scan.aliases;
  if (scan.aliases === undefined && entries.size > 0) {
    const issues = ["(root): the file is gone; to have no aliases, write one with an empty list"];
    throw new AttuneError("SERVER_ALIASES", { issues });
  }
  return scan.aliases ?? [];
}

function planOf<Version>(
  scan: Scan,
  aliases: readonly AliasEntry[],
  { defaultModel, placement, unloaded }: ReloadParts<Version>,
): readonly Wanted[] {
  const names = [...scan.models.keys()];
  const aliased = new Map(aliases.map((entry) => [entry.alias, aliasTargets(entry)]));
  const only = names.length === 1 ? names[0] : undefined;
  const reference = defaultModel ?? (aliased.has(championAlias) ? championAlias : only);
  const defaults = new Set((aliased.get(reference ?? "") ?? []).map(idOfTarget));

  const targets = [...new Set([...aliased.values()].flat().map(idOfTarget))];
  const byHand = [...placement.held].filter((id) => !targets.includes(id));
  const single = [...targets, ...byHand].flatMap((id) => {
    const candidate = [...scan.models.values()]
      .flatMap((versions) => [...versions.values()])
      .find((one) => versionId(one) === id);
    if (candidate === undefined) return [];
    const isDefault = defaults.has(id) || candidate.name === reference;
    return [{ candidates: [candidate], isDefault, isTaken: false }];
  });
  const whole = names
    .filter((name) => !unloaded.has(name) && (aliases.length === 0 || name === defaultModel))
    .map((name) => ({
      candidates: [...scan.models.get(name)!.values()]
        .filter((candidate) => !unloaded.has(versionId(candidate)))
        .toSorted((a, b) => b.version - a.version),
      isDefault: name === reference,
      isTaken: true,
    }));
  // What answers without a name comes first.
  return [...single, ...whole].toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault));
}

const idOfTarget = ({ model, version }: { readonly model: string; readonly version: number }) =>
  versionId({ name: model, version });

interface ProveEvents<Version> {
  onOpened(slot: Slot<Version>): void;
  onRefused(candidate: Candidate, error: unknown): void;
}

async function proveFirst<Version extends OpenedVersion>(
  { candidates, isDefault, isTaken }: Wanted,
  parts: ReloadParts<Version>,
  { onOpened, onRefused }: ProveEvents<Version>,
): Promise<Slot<Version> | undefined> {
  const { shelf, isClosed, isReady, readiness } = parts;
  for (const candidate of candidates) {
    if (isClosed()) return undefined;
    const before = shelf.find(candidate.name, candidate.version);
    const isWaitedFor = isDefault && !isReady();
    if (isWaitedFor) readiness.begin();
    const steps: Steps = isWaitedFor ? readiness : unseenSteps;
    try {
      const slot = await proveCandidate(candidate, steps, isTaken, parts);
      if (slot !== before) onOpened(slot);
      return slot;
    } catch (error) {
      onRefused(candidate, error);
      // The files changed under it: it goes on with those it was proven with.
      if (before !== undefined) return before;
    }
  }
  return undefined;
}

/** @param takesOver - whether those who ask its model by name will meet it. */
export function proveCandidate<Version extends OpenedVersion>(
  candidate: Candidate,
  steps: Steps,
  takesOver: boolean,
  { shelf, placement, source }: ReloadParts<Version>,
): Promise<Slot<Version>> {
  const { table } = placement;
  const before = source.kind === "artifact" ? table.find()?.target : table.names.get(candidate.name);
  return shelf.prove(candidate, steps, ({ manifest }) => {
    if (before === undefined || !takesOver) return;
    const from = { id: versionId(before), manifest: before.served.manifest };
    assertSwap(from, { id: versionId(candidate), manifest });
  });
}

/** Models without a version that passed go on with the one they have, unless they are gone from the repository. */
function keepInPlace<Version>(
  taken: Map<string, Slot<Version>>,
  scan: Scan,
  aliases: readonly AliasEntry[],
  { placement, source, unloaded, defaultModel }: ReloadParts<Version>,
): readonly { readonly name: string; readonly error: unknown }[] {
  const gone: { name: string; error: unknown }[] = [];
  for (const [name, slot] of placement.taken) {
    if (taken.has(name) || unloaded.has(name)) continue;
    if (aliases.length > 0 && name !== defaultModel) continue;
    if (source.kind === "artifact") {
      if (taken.size === 0) taken.set(name, slot);
    } else if (scan.models.has(name)) {
      taken.set(name, slot);
    } else if (scan.models.size === 0 || placement.table.defaultReference === name) {
      taken.set(name, slot);
      const issues = [`${name}: no complete version is there any more; ${versionId(slot)} goes on answering`];
      gone.push({ name, error: new AttuneError("SERVER_REPOSITORY", { issues }) });
    }
  }
  return gone;
}
