/** Runs golden rows through the raw graph and compares its answers with the trainer's, by task. */
import type { Prediction, PredictTask, Session, TaskName } from "@attune/contracts";
import type { GoldenFile, GoldenRow } from "@attune/contracts/manifest";
import { decodePredictions } from "../predict/decode.ts";
import { decodeBatch, encodeBatch, type GraphRow } from "../recommend/encode-batch.ts";
import { type ColumnValues, columnsOf, encodeColumns } from "../request/columns.ts";
import { taskSignatures } from "../signature/task-signatures.ts";
import { comparePredictions } from "./compare-predictions.ts";
import { compareSlates } from "./compare-slates.ts";
import type { Comparison } from "./comparison.ts";

/** Runs the rows `[start, end)` as one batch; one comparison per row. */
export type GoldenRunner = (start: number, end: number) => Promise<Comparison[]>;

type CreateRunner<T extends TaskName> = (session: Session, golden: GoldenFile<T>) => GoldenRunner;

const runners: { readonly [T in TaskName]: CreateRunner<T> } = {
  recommend(session, { rows }) {
    const { inputs, optionalInputs } = taskSignatures.recommend;
    const shape = {
      takesTime: session.inputs.some(({ name }) => name === "history_time"),
      columns: columnsOf(
        session.inputs.filter(({ name }) => !Object.hasOwn({ ...inputs, ...optionalInputs }, name)),
      ),
    };
    return async (start, end) => {
      const batch = rows.slice(start, end);
      const graphRows = batch.map(toGraphRow);
      const answers = decodeBatch(graphRows, await session.run(encodeBatch(graphRows, shape)));
      return answers.map((answer, index) => compareSlates(answer, batch[index]!));
    };
  },
  classify: (session, golden) => predictRunner("classify", session, golden.rows, golden.classes),
  regress: (session, golden) => predictRunner("regress", session, golden.rows),
  hierarchical: (session, golden) => predictRunner("hierarchical", session, golden.rows),
};

function toGraphRow({ history, weights, times, exclude, allow, features = {}, k }: GoldenRow<"recommend">) {
  return { ids: history, weights, times, exclude, allow, features, k } satisfies GraphRow;
}

interface PredictRow<T extends PredictTask> {
  readonly inputs: ColumnValues;
  readonly expected: Prediction<T>;
}

function predictRunner<T extends PredictTask>(
  task: T,
  session: Session,
  rows: readonly PredictRow<T>[],
  classes: readonly string[] = [],
): GoldenRunner {
  const columns = columnsOf(session.inputs);
  return async (start, end) => {
    const batch = rows.slice(start, end);
    const feeds = encodeColumns(
      columns,
      batch.map(({ inputs }) => inputs),
    );
    const answers = decodePredictions(task, await session.run(feeds), classes);
    return answers.map((answer, index) => comparePredictions(task, answer, batch[index]!.expected));
  };
}

export function createGoldenRunner<T extends TaskName>(
  session: Session,
  golden: GoldenFile<T>,
): GoldenRunner {
  // The golden file of a task names that task.
  return runners[golden.task as T](session, golden);
}
