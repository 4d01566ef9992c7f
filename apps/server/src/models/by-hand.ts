/** Loading and unloading one version because somebody asked to. */
import { AttuneError } from "@attune/contracts";
import { unseenSteps } from "../model/readiness.ts";
import { proveCandidate, type ReloadParts } from "./reloading.ts";
import type { Candidate, VersionSource } from "./source/version-source.ts";
import { type OpenedVersion, versionId } from "./version-shelf.ts";

/** Longest name that is repeated to a caller. */
const maxEcho = 128;

export function unknownModel(name: string, version?: number): AttuneError<"SERVER_MODEL_UNKNOWN"> {
  const model = name.slice(0, maxEcho);
  return new AttuneError("SERVER_MODEL_UNKNOWN", version === undefined ? { model } : { model, version });
}

/**
 * Proves a version and keeps it. Where no alias says otherwise, its model's name leads to it unless a higher one is there.
 *
 * @returns whether it was not open before.
 * @throws what is wrong with it; then nothing has changed.
 */
export async function loadByHand<Version extends OpenedVersion>(
  name: string,
  version: number | undefined,
  parts: ReloadParts<Version>,
): Promise<boolean> {
  const { source, shelf, placement, unloaded, isClosed } = parts;
  const candidate = await findCandidate(source, name, version);
  const before = shelf.find(candidate.name, candidate.version);
  const slot = await proveCandidate(candidate, unseenSteps, true, parts);
  if (isClosed()) return false;
  unloaded.delete(name);
  unloaded.delete(versionId(slot));
  const taken = placement.taken.get(name);
  const takesOver = placement.entries.size === 0 && (taken === undefined || taken.version <= slot.version);
  if (!takesOver || version !== undefined) placement.held.add(versionId(slot));
  placement.settle(takesOver ? { taken: new Map(placement.taken).set(name, slot) } : {});
  return slot !== before;
}

async function findCandidate(
  source: VersionSource,
  name: string,
  version: number | undefined,
): Promise<Candidate> {
  const versions = (await source.scan()).models.get(name);
  const candidate = versions?.get(version ?? Math.max(...versions.keys()));
  if (candidate === undefined) throw unknownModel(name, version);
  return candidate;
}

/** @throws {AttuneError} `SERVER_MODEL_UNKNOWN`, `SERVER_MODEL_ALIASED`. */
export function unloadByHand<Version extends OpenedVersion>(
  name: string,
  version: number | undefined,
  { shelf, placement, unloaded }: ReloadParts<Version>,
): void {
  const slots = [...shelf.slots].filter(
    (slot) =>
      slot.name === name && slot.state === "ready" && (version === undefined || slot.version === version),
  );
  if (slots.length === 0) throw unknownModel(name, version);
  const aliases = [...new Set(slots.flatMap((slot) => placement.table.aliasesOf(slot)))];
  if (aliases.length > 0) {
    const named = version === undefined ? { model: name } : { model: name, version };
    throw new AttuneError("SERVER_MODEL_ALIASED", { ...named, aliases });
  }
  unloaded.add(version === undefined ? name : versionId({ name, version }));
  for (const slot of slots) {
    placement.held.delete(versionId(slot));
    shelf.explain(slot.name, slot.version, "unloaded");
  }
  placement.settle({ without: new Set(slots) });
}
