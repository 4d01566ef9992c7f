import { bullets } from "./list.ts";

export const trainErrors = {
  /** The config names a model kind that is not in the list. */
  TRAIN_UNKNOWN_KIND: (d: { kinds: readonly string[]; supported: readonly string[] }) =>
    `no trainer ${d.kinds.map((kind) => `"${kind}"`).join(", ")}; there are ${d.supported.join(", ")}`,
  /** The config asks for a task that no trainer serves. */
  TRAIN_NO_TRAINER: (d: { task: string; served: readonly string[] }) =>
    `no trainer serves the task "${d.task}"; there are trainers for ${d.served.join(", ")}`,
  /** Trainers asked for by name that the data cannot serve: too large, no order, no features. All are listed. */
  TRAIN_UNFIT: (d: { issues: readonly string[] }) =>
    `the data does not serve ${d.issues.length > 1 ? "these trainers" : "this trainer"}:${bullets(d.issues)}\nChange the data or the settings, or leave ${d.issues.length > 1 ? "them" : "it"} out of train.models: then what does not fit is left out and named`,
  /** The deciding metric is not one of the task's. */
  TRAIN_METRIC: (d: { metric: string; task: string; supported: readonly string[] }) =>
    `${d.metric} is no metric of ${d.task}; there are ${d.supported.join(", ")}`,
  /** A trainer's hyperparameters do not fit its schema. */
  TRAIN_CONFIG: (d: { kind: string; issues: readonly string[] }) =>
    `${d.kind}: bad hyperparameters:${bullets(d.issues)}`,
  /** The loss or a weight became NaN or infinite. `tensor` names what went bad first, where that is known. */
  TRAIN_NOT_FINITE: (d: {
    kind: string;
    what: string;
    /** Step of an iterative training. */
    step?: number;
    /** Where else: an entry of a tensor, a row of a matrix. */
    where?: string;
    tensor?: string;
    hint?: string;
  }) =>
    `${d.kind}: ${d.what} is not finite${d.step === undefined ? "" : ` at step ${d.step}`}${d.where === undefined ? "" : ` at ${d.where}`}; ${d.hint ?? "lower the learning rate or check the weights of the events"}`,
  /** Memory for a trainer's matrices would pass the limit. */
  TRAIN_TOO_LARGE: (d: { kind: string; what: string; bytes: number; limitBytes: number; hint: string }) =>
    `${d.kind}: ${d.what} needs ${Math.ceil(d.bytes / 1e6)} MB, the limit is ${Math.floor(d.limitBytes / 1e6)} MB; ${d.hint}`,
  /** Options of a training that do not fit, or do not fit together. All of them are listed. */
  TRAIN_OPTIONS: (d: { kind: string; issues: readonly string[] }) =>
    `${d.kind}: bad options:${bullets(d.issues)}`,
  /** Data or a batch that does not fit the signature. Every problem is listed. */
  TRAIN_DATA: (d: { kind: string; issues: readonly string[] }) =>
    `${d.kind}: the data does not fit:${bullets(d.issues)}`,
  /** A checkpoint of another training, or a damaged one. Every problem is listed. */
  TRAIN_CHECKPOINT: (d: { kind: string; issues: readonly string[] }) =>
    `${d.kind}: the checkpoint does not fit:${bullets(d.issues)}\nrestore it into a training with the same model, optimizer and options`,
  /** The engine that trains a model does not start here. */
  TRAIN_BACKEND: (d: { kind: string; backend: string; reason: string }) =>
    `${d.kind}: the backend "${d.backend}" does not start here: ${d.reason}`,
  /** Files of a saved training that are missing or changed. All of them are listed. */
  TRAIN_DAMAGED: (d: { dir: string; problems: readonly string[] }) =>
    `the trained model in ${d.dir} is damaged:${bullets(d.problems)}\n\`attune train\` replaces it`,
  /** Stopped by the caller's signal. */
  TRAIN_ABORTED: (d: { kind: string }) => `${d.kind}: training was stopped`,
};
