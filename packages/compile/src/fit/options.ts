/** Options of `fit`, and their checks. */
import { AttuneError } from "@attune/contracts";
import type { TrainingCheckpoint } from "../checkpoint.ts";
import type { RowWeights } from "../data/open-source.ts";
import type { Data } from "../data/read-data.ts";
import type { Stream } from "../data/source.ts";
import type { EarlyStopping } from "./early-stopping.ts";
import type { FitEvent } from "./events.ts";
import { checkSchedule, type Schedule } from "./schedule.ts";
import type { StopSignal } from "./turn.ts";

export interface BatchOptions {
  /** Rows of a step. Default 32, or as many as the signature fixes. `block`: each block of a stream is a batch as it is. */
  readonly batchSize?: number | "block";
}

export interface FitOptions extends BatchOptions, RowWeights {
  /** Passes over the data in all, those before a checkpoint and of earlier calls included. Default 1. */
  readonly epochs?: number;
  /** The last batch of a pass when it is smaller: train on it or leave it out. Default `keep`. */
  readonly remainder?: "keep" | "drop";
  /**
   * Default true: rows in memory in a new order each pass; a stream through a buffer of 4,096 rows, or of `bufferRows`.
   * The order hangs on the seed and the number of the pass only.
   */
  readonly shuffle?: boolean | { readonly bufferRows: number };
  /** Measured at the end of each pass. */
  readonly validation?: Data | Stream;
  /** Default: no early stopping. */
  readonly earlyStopping?: EarlyStopping;
  /** Default: the optimizer's own rate throughout. */
  readonly schedule?: Schedule;
  readonly onEvent?: (event: FitEvent) => void;
  /** Looked at between steps; `TRAIN_ABORTED` when it has fired. */
  readonly signal?: StopSignal;
  /** Called with a checkpoint every so many steps, or at the end of each pass, and waited for. */
  readonly checkpoint?: {
    readonly everySteps?: number;
    readonly save: (checkpoint: TrainingCheckpoint) => void | Promise<void>;
  };
}

/** Rows that are held to shuffle a stream. */
const defaultBufferRows = 4096;

/** @throws {AttuneError} `TRAIN_OPTIONS` with every option that does not fit. */
export function checkFitOptions(kind: string, options: FitOptions): void {
  const { epochs = 1, batchSize = 32, shuffle, remainder = "keep", earlyStopping, schedule } = options;
  const whole = (name: string, value: number, least: number) =>
    Number.isInteger(value) && value >= least
      ? []
      : [`${name} is ${value}, expected a whole number of at least ${least}`];
  const monitor = earlyStopping?.monitor ?? "val_loss";
  const issues = [
    ...whole("epochs", epochs, 1),
    ...(batchSize === "block" ? [] : whole("batchSize", batchSize, 1)),
    ...(typeof shuffle === "object" ? whole("shuffle.bufferRows", shuffle.bufferRows, 1) : []),
    ...(["keep", "drop"].includes(remainder) ? [] : [`remainder is ${remainder}, expected keep or drop`]),
    ...(earlyStopping ? whole("earlyStopping.patience", earlyStopping.patience ?? 1, 1) : []),
    ...(earlyStopping && monitor.startsWith("val_") && options.validation === undefined
      ? [`earlyStopping watches ${monitor}, but there is no validation data; give it, or monitor "loss"`]
      : []),
    ...(schedule === undefined ? [] : checkSchedule(schedule)),
    ...(options.checkpoint?.everySteps === undefined
      ? []
      : whole("checkpoint.everySteps", options.checkpoint.everySteps, 1)),
  ];
  if (issues.length > 0) throw new AttuneError("TRAIN_OPTIONS", { kind, issues });
}

export function shuffleRowsOf({ shuffle = true }: FitOptions): number | undefined {
  if (typeof shuffle === "object") return shuffle.bufferRows;
  return shuffle ? defaultBufferRows : undefined;
}
