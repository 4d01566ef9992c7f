/** A survey: the columns of an events file that may play a part, in an engine, and questions to all of its rows. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AttuneError } from "@attune/contracts";
import { countDefects } from "../bad-rows/find-bad-rows.ts";
import { notJson } from "../bad-rows/problems.ts";
import { duckdbEngine } from "../engine/duckdb/engine.ts";
import type { Engine } from "../engine/engine.ts";
import { engineMemoryBytes } from "../engine/memory.ts";
import { importSource } from "../source/import-source.ts";
import { openSource, type SourceFile } from "../source/open-source.ts";
import { joinSql, type Sql, sql, table } from "../sql/sql.ts";
import { type CoreOptions, type CoreSurvey, measureCore } from "./core.ts";
import { countTypes, type TypeSurvey } from "./event-types.ts";
import { type ItemsInput, type ItemsSurvey, surveyItems } from "./items.ts";
import { type RatingSurvey, surveyRatings } from "./ratings.ts";
import { sampleFile } from "./sample.ts";
import { canCutByTime, surveyTimes, type TimeSurvey } from "./times.ts";

/** Counts are over the rows whose bytes are good: those that `prepareDataset` reads too. */
export interface EventsSurvey {
  readonly rowCount: number;
  /** False when broken rows were passed over. */
  readonly isComplete: boolean;
  /** Which forms the values of a column of times have. */
  times(column: string): Promise<TimeSurvey>;
  /** Whether the split `global-time` with these shares leaves events in every role. */
  canCut(column: string, options: Parameters<typeof canCutByTime>[2]): Promise<boolean>;
  /** The distinct values of a column of event types, up to a limit. */
  types(column: string): Promise<TypeSurvey>;
  ratings(column: string): Promise<RatingSurvey>;
  /** How often people come back to an item, and what a k-core would leave. */
  core(options: CoreOptions): Promise<CoreSurvey>;
  /**
   * How much of the events' items a file describes.
   *
   * @throws {AttuneError} what reading the items file throws.
   */
  items(input: ItemsInput): Promise<ItemsSurvey>;
  close(): Promise<void>;
}

/**
 * Reads the wanted columns of an events file. Broken rows are passed over.
 *
 * @param columns - names out of `sampleFile`, each once.
 * @throws {AttuneError} `DATA_MALFORMED` when every row is broken, and what `sampleFile` throws.
 */
export async function openSurvey(path: string, columns: readonly string[]): Promise<EventsSurvey> {
  const sample = await sampleFile(path, "events");
  const tempDir = await mkdtemp(join(tmpdir(), "attune-survey-"));
  const engine = await duckdbEngine.open({ tempDir, memoryLimitBytes: engineMemoryBytes() });
  const close = async () => {
    await engine.close();
    await rm(tempDir, { recursive: true, force: true });
  };
  try {
    const file = await openSource({ path }, "", "events");
    const imported = await importSource(engine, file, "survey_source", columns);
    const cells = columns.map((_, index) => table(`c${index}`));
    const rowCount = await engine.materialize(
      "survey_rows",
      sql`select ${joinSql(cells, ", ")} from survey_source where is_broken = 0`,
    );
    await engine.discard("survey_source");
    if (rowCount === 0) throw noRows(file);
    const isComplete = imported.rowCount === rowCount && (file.text?.defects.count ?? 0) === 0;
    return { rowCount, isComplete, ...createQuestions(engine, columns, sample.columns), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function noRows(file: SourceFile): AttuneError {
  const [
    {
      problem,
      examples: [example],
    } = { problem: notJson, examples: [] },
  ] = countDefects([{ role: "train", file }]);
  const shown = example === undefined ? "" : `, such as ${example.place}: ${example.text}`;
  const reason = `none of its rows can be used; ${problem}${shown}`;
  return new AttuneError("DATA_MALFORMED", { path: file.path, reason });
}

function createQuestions(
  engine: Engine,
  columns: readonly string[],
  sampled: readonly { readonly name: string; readonly isTime: boolean }[],
): Omit<EventsSurvey, "rowCount" | "isComplete" | "close"> {
  const cell = (name: string): Sql => table(`c${columns.indexOf(name)}`);
  const isTime = (name: string) => sampled.find((column) => column.name === name)?.isTime === true;
  return {
    times: (column) => surveyTimes(engine, cell(column), isTime(column)),
    canCut: (column, options) => canCutByTime(engine, cell(column), options),
    types: (column) => countTypes(engine, cell(column)),
    ratings: (column) => surveyRatings(engine, cell(column)),
    core: (options) => measureCore(engine, options, cell),
    items: (input) => surveyItems(engine, input, cell),
  };
}
