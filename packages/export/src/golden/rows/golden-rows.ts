/** Golden rows of the row-wise tasks: rows and the trainer's answers, written with every artifact. */
import {
  AttuneError,
  type PredictionByTask,
  type PredictTask,
  type RawValue,
  type Table,
} from "@attune/contracts";
import { goldenFileVersion } from "@attune/contracts/manifest";
import type { ScoringModel } from "@attune/features";
import { createRandom } from "@attune/numeric";
import { createMadeUpRows } from "../made-up/rows.ts";
import { answerRows } from "./answers.ts";
import { createEdgeRows } from "./edge-rows.ts";

export interface GoldenRowsInput<T extends PredictTask> {
  readonly task: T;
  readonly model: ScoringModel<T>;
  /** The data: rows are made up from its columns, and none of them is one of its rows. */
  readonly table: Table;
  readonly seed: number;
  /** Rows wanted in all; edge rows come first and are never dropped. Default 64. */
  readonly count?: number;
}

/** A golden file without what names its task. */
export interface GoldenTableRows<T extends PredictTask> {
  readonly schemaVersion: typeof goldenFileVersion;
  readonly reference: string;
  readonly rows: {
    readonly name: string;
    readonly inputs: Record<string, RawValue>;
    readonly expected: PredictionByTask[T];
  }[];
}

/** Made-up rows that are written even when the edge rows alone reach the count. */
const minMadeUpRows = 4;
/** From so many made-up rows the edge rows take the range of a number. */
const rangeRows = 16;

/**
 * Edge rows and made-up rows, each with the answer of the trainer's own code. Same input, same rows.
 *
 * The rows go with the model wherever it goes, so no row of the data is among them: each column is drawn on its own
 * (those of `levels` together, as one group), and what is a row of the data is drawn again.
 *
 * @throws {AttuneError} `EXPORT_GOLDEN` when the trainer answers a row with NaN or infinity.
 */
export function createGoldenTableRows<T extends PredictTask>(input: GoldenRowsInput<T>): GoldenTableRows<T> {
  const { task, model, table, seed, count = 64 } = input;
  const { columns } = model.fragment;
  const nested = "levels" in model.fragment ? model.fragment.levels : [];
  const random = createRandom(seed).fork("golden");
  const madeUp = createMadeUpRows({ table, columns, nested, random }, Math.max(count, rangeRows));
  const edges = createEdgeRows(columns, madeUp);
  const wanted = Math.max(minMadeUpRows, count - edges.length);
  const rows = [...edges, ...madeUp.slice(0, wanted).map((inputs) => ({ name: "made-up", inputs }))];
  const expected = answerRows(
    task,
    model,
    rows.map(({ inputs }) => inputs),
  );
  const broken = rows.flatMap(({ name }, at) => (holdsNumbers(expected[at]) ? [] : [name]));
  if (broken.length > 0) throw new AttuneError("EXPORT_GOLDEN", { kind: model.kind, rows: broken });
  return {
    schemaVersion: goldenFileVersion,
    reference: `answers of the ${model.kind} trainer, in plain TypeScript`,
    rows: rows.map(({ name, inputs }, at) => ({ name, inputs: { ...inputs }, expected: expected[at]! })),
  };
}

/** Whether every number of an answer is one. */
function holdsNumbers(answer: unknown): boolean {
  if (typeof answer === "number") return Number.isFinite(answer);
  return typeof answer !== "object" || answer === null || Object.values(answer).every(holdsNumbers);
}
