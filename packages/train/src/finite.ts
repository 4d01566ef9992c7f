/** Weights that are NaN or infinite never leave a trainer. */
import { AttuneError } from "@attune/contracts";
import type { Tensors } from "./model.ts";

/** @throws {AttuneError} `TRAIN_NOT_FINITE` with the first bad tensor and the place in it. */
export function checkFinite(kind: string, tensors: Tensors): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor.dtype !== "float32" && tensor.dtype !== "float64") continue;
    const at = tensor.data.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    const hint = "check the weights of the data and the settings; the trainer may need more regularization";
    throw new AttuneError("TRAIN_NOT_FINITE", { kind, what: `weight ${name}`, where: `entry ${at}`, hint });
  }
}
