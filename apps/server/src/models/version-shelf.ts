/** Every version that is open or was refused. Opening proves a version; it answers only when names lead to it. */
import { isDeepStrictEqual } from "node:util";
import { AttuneError } from "@attune/contracts";
import type { Steps } from "../model/readiness.ts";
import type { ServerLogger } from "../observe/log.ts";
import type { ServedVersion } from "./models.ts";
import { publicReason } from "./public-reason.ts";
import { createSlot, type Slot } from "./slot.ts";
import { type Candidate, readManifest } from "./source/version-source.ts";

/** As much of a served version as is needed to open, route and close it. */
export type OpenedVersion = Pick<
  ServedVersion,
  "name" | "version" | "manifest" | "sha256" | "parity" | "close"
>;

export type OpenVersion<Version> = (
  dir: string,
  served: { readonly name: string; readonly version: number },
  steps: Steps,
) => Promise<Version>;

/** A version that is known and does not answer. */
export interface Absent {
  readonly name: string;
  readonly version: number;
  readonly state: "loading" | "unavailable";
  readonly reason: string;
}

export interface Shelf<Version> {
  /** Everything open, also what waits for its last lease. */
  readonly slots: ReadonlySet<Slot<Version>>;
  /** The newest open one of this name and version. */
  find(name: string, version: number): Slot<Version> | undefined;
  absent(): readonly Absent[];
  /**
   * Opens a candidate, unless it is open already with the very files.
   *
   * @param accept - refuses what was opened by throwing.
   * @throws what `open` and `accept` throw; what was open stays open, and the reason is kept.
   */
  prove(candidate: Candidate, steps: Steps, accept: (version: Version) => void): Promise<Slot<Version>>;
  /** Closes it with its last lease. */
  retire(slot: Slot<Version>): void;
  /** Says of a version that is not open why, until it is opened or forgotten. */
  explain(name: string, version: number, reason: string): void;
  /** Forgets the reasons of versions that are not there any more. */
  forget(isThere: (name: string, version: number) => boolean): void;
  /** Retires everything and waits until it is closed. */
  close(): Promise<void>;
}

export const versionId = ({ name, version }: { readonly name: string; readonly version: number }) =>
  `${name}/${version}`;

export function createShelf<Version extends OpenedVersion>(
  open: OpenVersion<Version>,
  logger: ServerLogger,
): Shelf<Version> {
  const slots = new Set<Slot<Version>>();
  const newest = new Map<string, Slot<Version>>();
  const absent = new Map<string, Absent>();
  const closing = new Set<Promise<void>>();

  function explain(name: string, version: number, reason: string): void {
    absent.set(versionId({ name, version }), { name, version, state: "unavailable", reason });
  }

  async function openAccepted(candidate: Candidate, steps: Steps, accept: (version: Version) => void) {
    const { name, version, dir } = candidate;
    const served = await open(dir, { name, version }, steps);
    try {
      assertVersion(candidate, served);
      accept(served);
    } catch (cause) {
      await served.close();
      throw cause;
    }
    return createSlot(name, version, served);
  }

  function retire(slot: Slot<Version>): void {
    const { name, version } = slot;
    const id = versionId(slot);
    if (newest.get(id) === slot) newest.delete(id);
    if (slot.state === "retiring") return;
    const closed = slot
      .retire()
      .then(() => logger.info({ model: name, version }, "closed a version"))
      .catch((err: unknown) => logger.error({ err, model: name, version }, "a version did not close cleanly"))
      .finally(() => {
        slots.delete(slot);
        closing.delete(closed);
      });
    closing.add(closed);
  }

  return {
    slots,
    find: (name, version) => newest.get(versionId({ name, version })),
    absent: () => [...absent].filter(([id]) => !newest.has(id)).map(([, reason]) => reason),
    async prove(candidate, steps, accept) {
      const { name, version, dir } = candidate;
      const id = versionId(candidate);
      try {
        const current = newest.get(id);
        if (current !== undefined && (await hasSameFiles(dir, current.served))) {
          absent.delete(id);
          return current;
        }
        absent.set(id, { name, version, state: "loading", reason: "" });
        const slot = await openAccepted(candidate, steps, accept);
        slots.add(slot);
        newest.set(id, slot);
        absent.delete(id);
        return slot;
      } catch (cause) {
        explain(name, version, publicReason(cause));
        throw cause;
      }
    },
    retire,
    explain,
    forget(isThere) {
      for (const [id, { name, version }] of absent) if (!isThere(name, version)) absent.delete(id);
    },
    async close() {
      for (const slot of slots) retire(slot);
      await Promise.all(closing);
    },
  };
}

async function hasSameFiles(dir: string, { manifest }: OpenedVersion): Promise<boolean> {
  return isDeepStrictEqual((await readManifest(dir)).files, manifest.files);
}

/** A folder that was copied under another number would answer for a version that it is not. */
function assertVersion(candidate: Candidate, { manifest }: OpenedVersion): void {
  if (manifest.version === candidate.version) return;
  const issue = `${versionId(candidate)}: its manifest says version ${manifest.version}; name the folder after it`;
  throw new AttuneError("SERVER_REPOSITORY", { issues: [issue] });
}
