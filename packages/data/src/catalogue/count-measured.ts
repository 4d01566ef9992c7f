/** Figures of the measured events, for the manifest. */
import { AttuneError, type EventRole, eventRole } from "@attune/contracts";
import type { DatasetManifest } from "@attune/contracts/manifest";
import type { Engine } from "../engine/engine.ts";
import { readRows } from "../engine/rows.ts";
import { sql } from "../sql/sql.ts";

/** Events of each role, and what became of the targets of each split. */
export interface RoleCounts {
  readonly roles: Record<EventRole, number>;
  readonly targets: DatasetManifest<"recommend">["targets"];
}

/**
 * Counts what `measureEvents` has built.
 *
 * @param split - its kind, for the error.
 * @throws {AttuneError} `DATA_SPLIT_EMPTY` when the rule on repeats left a split without targets.
 */
export async function countMeasured(engine: Engine, split: string): Promise<RoleCounts> {
  const rows = await readRows(
    engine,
    sql`select given_role, role, count(*), count(case when item_index < 0 then 1 end) from measured_events
      group by given_role, role`,
  );
  const groups = rows.map(([split, role, count, outside]) => ({
    split: Number(split),
    role: Number(role),
    count: Number(count),
    outside: Number(outside),
  }));
  const total = (
    wanted: (group: (typeof groups)[number]) => boolean,
    of: "count" | "outside" = "count",
  ): number => groups.filter(wanted).reduce((sum, group) => sum + group[of], 0);
  const targetsOf = (code: number) => ({
    kept: total(({ role }) => role === code),
    repeatsDropped: total(({ split, role }) => split === code && role !== code),
    outsideCatalogue: total(({ role }) => role === code, "outside"),
  });
  const roles = Object.entries(eventRole).map(([name, code]) => [name, total(({ role }) => role === code)]);
  const targets = { validation: targetsOf(eventRole.validation), test: targetsOf(eventRole.test) };
  const empty = Object.entries(targets).filter(([, { kept }]) => kept === 0);
  if (empty.length > 0) {
    throw new AttuneError("DATA_SPLIT_EMPTY", {
      role: empty.map(([role]) => role).join(" and no "),
      split,
      hint: "each of them repeats what its user had met, and such targets are dropped: data.rules.repeats: keep ranks them",
    });
  }
  return { roles: Object.fromEntries(roles) as RoleCounts["roles"], targets };
}
