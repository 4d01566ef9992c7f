/** The predictor: a session and its manifest behind two verbs, for the tasks that take a row of columns. */
import type { Prediction, PredictRequest, PredictTask, Session } from "@attune/contracts";
import type { ArtifactManifest, InputColumn } from "@attune/contracts/manifest";
import { createAnswers, type RequestCheck } from "../request/answer.ts";
import { checkColumns, encodeColumns } from "../request/columns.ts";
import { checkKeys, isRecord, requestProblem } from "../request/problems.ts";
import { assertSignature } from "../signature/signature.ts";
import { decodePredictions } from "./decode.ts";

/** Rows in, answers out. */
export interface Predictor<T extends PredictTask = PredictTask> {
  readonly manifest: ArtifactManifest<T>;
  /** Checks without running: appends one line per problem to `issues`, each path after `path`. */
  readonly check: RequestCheck;
  /**
   * Answers for one row.
   *
   * @param request - columns are those of `manifest.inputs`; one left out is missing, another one is refused.
   * @throws {AttuneError} `REQUEST_INVALID` with every problem, `RUNTIME_RUN` when the engine fails,
   * `RUNTIME_CLOSED` after `close()`.
   */
  predict(request: PredictRequest): Promise<Prediction<T>>;
  /**
   * Answers for many rows, in batches. Answers are those of single requests (numbers within 1e-6), in the same order.
   * One bad request refuses all: nothing is run. Paths in the error start with `requests[index].`.
   */
  predictMany(requests: readonly PredictRequest[]): Promise<Prediction<T>[]>;
  /** Closes the session. Calling it twice is fine. */
  close(): Promise<void>;
}

/** Rows are short: this many share a run before its tensors leave the processor's caches. */
const maxBatch = 256;

/**
 * Joins a loaded graph and its manifest. Takes over the session: `close()` closes it.
 *
 * @throws {AttuneError} `RUNTIME_SIGNATURE` when the two do not belong together (the session stays open).
 */
export function createPredictor<T extends PredictTask>(
  session: Session,
  manifest: ArtifactManifest<T>,
): Predictor<T> {
  assertSignature(session, manifest);
  const described: ArtifactManifest<PredictTask> = manifest;
  // The manifest of a task names that task.
  const task = described.task as T;
  const columns: readonly InputColumn[] = described.inputs;
  const classes = described.task === "classify" ? described.classes : [];
  const check: RequestCheck = (request, path, issues) => checkRow(request, columns, path, issues);
  const { one, many } = createAnswers<PredictRequest, Prediction<T>>({
    check,
    maxBatch,
    async runBatch(requests) {
      const rows = requests.map(({ inputs }) => inputs);
      return decodePredictions(task, await session.run(encodeColumns(columns, rows)), classes);
    },
  });
  return { manifest, check, predict: one, predictMany: many, close: () => session.close() };
}

function checkRow(request: unknown, columns: readonly InputColumn[], path: string, issues: string[]): void {
  if (!isRecord(request)) {
    issues.push(requestProblem(request, path));
    return;
  }
  checkKeys(request, ["inputs"], path, issues);
  checkColumns(request.inputs, columns, `${path}inputs`, issues);
}
