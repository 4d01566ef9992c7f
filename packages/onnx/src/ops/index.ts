/**
 * The one list of ops: the builder emits these, the checker allows these, docs/ops.md is written from it, and the
 * tests run each entry in ONNX Runtime. A new op is one entry in a family's file.
 */
import { activationOps } from "./activation.ts";
import { castOps } from "./cast.ts";
import { controlOps } from "./control.ts";
import type { Domain, OpDefinition } from "./define.ts";
import { einsumOps } from "./einsum.ts";
import { elementwiseOps } from "./elementwise.ts";
import { gatherOps } from "./gather.ts";
import { joinOps } from "./join.ts";
import { logicalOps } from "./logical.ts";
import { matrixOps } from "./matrix.ts";
import { mlOps } from "./ml.ts";
import { convOps } from "./neural/conv.ts";
import { imageOps } from "./neural/image.ts";
import { lossOps } from "./neural/loss.ts";
import { normalizationOps } from "./neural/normalization.ts";
import { poolOps } from "./neural/pool.ts";
import { recurrentOps } from "./neural/recurrent.ts";
import { resizeOps } from "./neural/resize.ts";
import { randomOps } from "./random.ts";
import { reduceOps } from "./reduce.ts";
import { shapeOps } from "./shape.ts";
import { sortOps } from "./sort.ts";

/** Families of ops, in the order of docs/ops.md. */
export const opFamilies: Readonly<Record<string, readonly OpDefinition[]>> = {
  Arithmetic: elementwiseOps,
  Activations: activationOps,
  "Convolutions and pools": [...convOps, ...poolOps],
  Normalization: normalizationOps,
  "Recurrent layers": recurrentOps,
  "Images and boxes": [...resizeOps, ...imageOps],
  Losses: lossOps,
  "Comparison and logic": logicalOps,
  "Matrix products": [...matrixOps, ...einsumOps],
  Reductions: reduceOps,
  "Gather and scatter": gatherOps,
  "Sorting and ranges": sortOps,
  Shape: shapeOps,
  "Cut, join, pad": joinOps,
  "Casts and constants": castOps,
  "Control flow": controlOps,
  "Random numbers": randomOps,
  "Machine learning (ai.onnx.ml)": mlOps,
};

export const ops: readonly OpDefinition[] = Object.values(opFamilies).flat();

/** Opsets that Attune writes and reads, by domain: what ONNX Runtime 1.30 runs and our entries describe. */
export const opsetRange = {
  "": { min: 17, max: 21 },
  "ai.onnx.ml": { min: 3, max: 4 },
} as const satisfies Record<Domain, { min: number; max: number }>;

const byName = new Map<string, OpDefinition[]>();
for (const definition of ops) {
  const key = `${definition.domain}:${definition.op}`;
  byName.set(key, [...(byName.get(key) ?? []), definition]);
}

/** The entry of an op in the form that this opset gives it. */
export function findOp(domain: string, op: string, opset: number): OpDefinition | undefined {
  return byName
    .get(`${domain}:${op}`)
    ?.find(({ since, until }) => since <= opset && opset <= (until ?? Number.POSITIVE_INFINITY));
}

/** Whether the list has the op in any opset. */
export function hasOp(domain: string, op: string): boolean {
  return byName.has(`${domain}:${op}`);
}
