/** What is told of every version: to operators with reasons, to anybody with codes. */
import type { ReadinessReport } from "../model/readiness.ts";
import type { VersionStatus } from "./models.ts";
import type { Placement } from "./placement.ts";
import type { Shelf } from "./version-shelf.ts";

export function listVersions<Version>(
  { slots, absent }: Shelf<Version>,
  { table }: Placement<Version>,
): readonly VersionStatus[] {
  const open = [...slots].map((slot) => ({
    name: slot.name,
    version: slot.version,
    state: slot.state,
    reason: "",
    aliases: table.aliasesOf(slot),
  }));
  return [...open, ...absent().map((one) => ({ ...one, aliases: [] }))].toSorted(
    (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) || a.version - b.version,
  );
}

export function readinessOf<Version>(
  shelf: Shelf<Version>,
  placement: Placement<Version>,
): NonNullable<ReadinessReport["models"]> {
  const statuses = listVersions(shelf, placement);
  const names = [...new Set(statuses.map(({ name }) => name))];
  return Object.fromEntries(
    names.map((name) => [
      name,
      statuses
        .filter((status) => status.name === name)
        .map(({ version, state, reason }) => ({
          version,
          state,
          ...(reason !== "" && { code: reason.split(":", 1)[0]! }),
        })),
    ]),
  );
}
