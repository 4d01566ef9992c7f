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
import { answerRows } from "./answers.ts";
import { createEdgeRows } from "./edge-rows.ts";
import { rawRowOf } from "./raw-rows.ts";

export interface GoldenRowsInput<T extends PredictTask> {
  readonly task: T;
  readonly model: ScoringModel<T>;
  /** Real rows, the most telling first (those of the test). Taken from the front. */
  readonly examples: Table;
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

/** Real rows that are written even when the edge rows alone reach the count. */
const minExampleRows = 4;

/**
 * Edge rows and real rows, each with the answer of the trainer's own code. Same input, same rows.
 *
 * @throws {AttuneError} `EXPORT_GOLDEN` when the trainer answers a row with NaN or infinity.
 */
export function createGoldenTableRows<T extends PredictTask>(input: GoldenRowsInput<T>): GoldenTableRows<T> {
  const { task, model, examples, count = 64 } = input;
  const { columns } = model.fragment;
  const real = Array.from({ length: examples.rowCount }, (_, at) => rawRowOf(examples, at, columns));
  const edges = createEdgeRows(columns, real);
  const wanted = Math.max(minExampleRows, count - edges.length);
  const rows = [...edges, ...real.slice(0, wanted).map((inputs) => ({ name: "row", inputs }))];
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
