/** The steps of `prepareDataset` inside an engine, in their order: what each may learn from is decided here. */
import { type Column, schemaOf, type Table } from "@attune/contracts";
import type { ProjectConfig, RecommendDataConfig, SplitConfig } from "@attune/contracts/config";
import type { DatasetManifest, SideTableReport } from "@attune/contracts/manifest";
import type { TypedEvents } from "./bad-rows/find-bad-rows.ts";
import { refuseBrokenTable, type SkippedRows, settleBadRows } from "./bad-rows/settle.ts";
import { countMeasured } from "./catalogue/count-measured.ts";
import { measureEvents } from "./catalogue/measured.ts";
import { releaseEvents } from "./catalogue/released.ts";
import type { CatalogueTables } from "./catalogue/tables.ts";
import type { Engine } from "./engine/engine.ts";
import { readNumbers } from "./engine/rows.ts";
import { readFeatures, readStoredRows } from "./load/read-catalogue.ts";
import { describeEvents } from "./notes.ts";
import { measuredFiles, releasedFiles } from "./output/dataset-files.ts";
import { writeTables } from "./output/write-tables.ts";
import type { OnPrepareEvent } from "./prepare-event.ts";
import { dropCopies } from "./rules/copies.ts";
import { parseEvents } from "./rules/parse-events.ts";
import { keepRatings, refuseConstantRating } from "./rules/ratings.ts";
import { RuleLog } from "./rules/rule-log.ts";
import { describeColumns, eventColumns } from "./rules/source-columns.ts";
import { typeRows } from "./rules/type-rows.ts";
import { describeRawWeight } from "./rules/weights.ts";
import { matchRows } from "./side-table/match-rows.ts";
import { describeGaps } from "./side-table/notes.ts";
import { listSideTables, type SideTable, sideRows } from "./side-table/side-table.ts";
import { type EventParts, importEvents } from "./source/import-events.ts";
import { importSource } from "./source/import-source.ts";
import type { EventFiles, ProjectFiles } from "./source/open-files.ts";
import { splitEvents } from "./split/index.ts";
import { sql, table } from "./sql/sql.ts";

/** What the steps tell of the tables they have written. */
export type BuiltDataset = Pick<
  DatasetManifest<"recommend">,
  | "measured"
  | "released"
  | "roles"
  | "rules"
  | "targets"
  | "timeRange"
  | "notes"
  | "badRows"
  | "itemFeatures"
  | "userFeatures"
  | "sideTables"
> & { readonly parts: EventParts };

export interface StepInput {
  readonly config: Pick<ProjectConfig<"recommend">, "seed" | "data">;
  readonly split: SplitConfig;
  readonly files: ProjectFiles;
  /** Where the tables go. */
  readonly dir: string;
  readonly onEvent: OnPrepareEvent;
}

/** Reads, splits, cleans and writes. */
export async function runSteps(engine: Engine, input: StepInput): Promise<BuiltDataset> {
  const { config, files, dir, onEvent } = input;
  const { rules, events: source } = config.data;
  onEvent({ type: "step", name: "read" });
  const typed = await readTypedEvents(engine, files, config.data);
  const { parts } = typed;
  const badRows = await settleBadRows(engine, typed, dir);
  await engine.discard("source_rows");
  const sides = listSideTables(config.data);
  const sideCounts = new Map<SideTable, number>();
  for (const side of sides) {
    const file = files[side.of]!;
    const { rowCount } = await importSource(engine, file, sideRows(side), side.columns);
    await refuseBrokenTable(engine, file, table(sideRows(side)), rowCount);
    sideCounts.set(side, rowCount);
  }
  const log = new RuleLog(parts.rowCount, onEvent);
  if (badRows !== undefined) log.add("bad rows", parts.rowCount - badRows.rows, describeSkipped(badRows));
  await readRawEvents(engine, typed, log);

  onEvent({ type: "step", name: "split" });
  const eventCount = log.rows;
  const [firstMs, lastMs] = await readNumbers(engine, sql`select min(ts), max(ts) from kept_events`);
  const hasTime = source.columns.time !== undefined;
  const trainCount = await splitEvents({
    engine,
    from: sql`kept_events`,
    eventCount,
    seed: config.seed,
    config: input.split,
    hasTime,
    keepsRepeats: rules.repeats === "keep",
    path: files.events.path,
  });
  await engine.discard("kept_events");

  onEvent({ type: "step", name: "clean" });
  const measured = await measureEvents(engine, rules, trainCount, log);
  const counts = await countMeasured(engine, input.split.kind);
  const released = await releaseEvents(engine, rules, eventCount, log);
  const notes = await describeEvents(engine, { hasTime, parts, targets: counts.targets });
  const sideTables: Record<string, SideTableReport> = {};
  for (const side of sides) {
    const report = await matchRows(engine, side, files[side.of]!, sideCounts.get(side)!, released);
    sideTables[side.of] = report;
    notes.push(...(await describeGaps(engine, side, report, released.items)));
  }

  onEvent({ type: "step", name: "write" });
  await writeTables(engine, dir, measuredFiles, measured, { hasRoles: true, sides });
  await writeTables(engine, dir, releasedFiles, released, { hasRoles: false, sides });
  for (const text of notes) onEvent({ type: "note", text });
  const measuredCount = Object.values(counts.roles).reduce((sum, count) => sum + count);
  return {
    measured: { events: measuredCount, ...sizeOf(measured) },
    released: { events: released.eventCount, ...sizeOf(released) },
    roles: counts.roles,
    rules: log.reports,
    targets: counts.targets,
    ...(hasTime && { timeRange: { firstMs: firstMs!, lastMs: lastMs! } }),
    notes,
    itemFeatures: await describeFeatures(engine, dir, releasedFiles.items, sides, "items"),
    userFeatures: await describeFeatures(engine, dir, releasedFiles.users, sides, "users"),
    sideTables,
    ...(badRows && { badRows }),
    parts,
  };
}

/** Events as they are read: typed, none dropped yet, the bad ones found. `source_rows` and `typed_rows` stand. */
export async function readTypedEvents(
  engine: Engine,
  files: EventFiles,
  data: RecommendDataConfig,
): Promise<TypedEvents> {
  const parts = await importEvents(engine, files, eventColumns(data));
  const columns = describeColumns(data, engine.dialect, parts);
  return { parts, columns, data, counts: await typeRows(engine, columns, data) };
}

const describeSkipped = ({ kinds }: SkippedRows) =>
  Object.entries(kinds)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(", ");

/** Rules that look at one row alone, and what makes rows events. */
async function readRawEvents(
  engine: Engine,
  { parts, columns, counts, data }: TypedEvents,
  log: RuleLog,
): Promise<void> {
  await parseEvents(engine, counts, data.rules, log);
  if (columns.rating) await refuseConstantRating(engine, parts.path, columns.rating.name);
  const kept = await keepRatings(engine, data.rules, log);
  const weight = describeRawWeight(data.rules);
  await dropCopies(engine, { kept, weight, hasTime: columns.time !== undefined }, log);
}

function sizeOf({ userCount, itemCount }: CatalogueTables): { users: number; items: number } {
  return { users: userCount, items: itemCount };
}

/** The features of a side table with the levels of the release. */
async function describeFeatures(
  engine: Engine,
  dir: string,
  file: string,
  sides: readonly SideTable[],
  of: SideTable["of"],
): Promise<DatasetManifest<"recommend">["itemFeatures"]> {
  const features = sides.find((side) => side.of === of)?.features ?? [];
  if (features.length === 0) return [];
  const found: Table | undefined = readFeatures(await readStoredRows(engine, dir, file), features);
  return schemaOf(found ?? { rowCount: 0, columns: [] as Column[] }).map(({ name, kind, levels }) => ({
    name,
    kind,
    ...(levels && { levels: [...levels] }),
  }));
}
