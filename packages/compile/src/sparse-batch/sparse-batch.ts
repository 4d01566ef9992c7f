/** The products of a sparse batch, computed beside the engine from what is not 0 in it. */
import type { Tensor } from "@attune/contracts";
import type { SparseProduct } from "@attune/trace";
import type { Batch } from "../tensors.ts";

import type { UpdateKernel } from "../update-kernel/update-kernel.ts";
import type { WasmFunction } from "../update-kernel/wasm-module.ts";
import { compressColumns, compressRows, hasMoreEntries } from "./compress.ts";
import { listEntries } from "./list-entries.ts";
import { multiplySparse } from "./multiply.ts";
import { type Plan, planSparseBatch, type SparseInput } from "./plan.ts";
import { sumRows } from "./sum-rows.ts";

type Float32Tensor = Tensor<"float32">;

export interface SparseBatch {
  /**
   * Computes x·W of every product.
   *
   * @returns `undefined` when an input is too dense for it to pay. Memory may have grown, so the kernel's tensors may be
   * others.
   * @throws {AttuneError} `TRAIN_TOO_LARGE`
   */
  multiply(batch: Batch): SparseStep | undefined;
}

/** What goes between the engine and the sparse products of one step. */
export interface SparseStep {
  /** The products, as inputs of the graph. */
  readonly feeds: Readonly<Record<string, Float32Tensor>>;
  /** Where the engine may write dy. */
  readonly into: Readonly<Record<string, Float32Tensor>>;
  /** Computes xᵀ·dy of every product into the kernel's gradients. */
  fillGradients(outputs: Readonly<Record<string, Tensor>>): void;
}

/** What the kernel must be able to do beside the update. */
export const sparseFunctions: readonly WasmFunction[] = [listEntries, sumRows];

/** @param kernel - made with `sparseFunctions` beside the update. */
export function createSparseBatch(products: readonly SparseProduct[], kernel: UpdateKernel): SparseBatch {
  const { threads } = kernel.beside;
  let isReserved = false;

  function compress(batch: Batch, { search, inputs }: Plan): boolean {
    return [...inputs].every(([name, { rows, columns, limit }]) => {
      const { data } = batch[name] as Float32Tensor;
      const isSparse = compressRows(data, limit, rows, { ...search, threads });
      if (isSparse) compressColumns(rows, columns);
      return isSparse;
    });
  }

  function createStep({ inputs: compressed, results, marks }: Plan): SparseStep {
    const feeds: Record<string, Float32Tensor> = {};
    const into: Record<string, Float32Tensor> = {};
    for (const [index, { input, weight, product, outputGradient }] of products.entries()) {
      const result = results[index] as Plan["results"][number];
      const { rows } = compressed.get(input) as SparseInput;
      multiplySparse(result.product, rows, kernel.states[weight] as Float32Tensor, { threads, marks });
      feeds[product] = result.product;
      into[outputGradient] = result.outputGradient;
    }
    return {
      feeds,
      into,
      fillGradients(outputs) {
        for (const { input, outputGradient, gradient } of products) {
          const dy = into[outputGradient] as Float32Tensor;
          const given = outputs[outputGradient] as Float32Tensor;
          if (given.data !== dy.data) dy.data.set(given.data);
          const { columns } = compressed.get(input) as SparseInput;
          multiplySparse(kernel.targets[gradient] as Float32Tensor, columns, dy, { threads, marks });
        }
      },
    };
  }

  return {
    multiply(batch) {
      const limits = findLimits(products, batch, kernel);
      const isDense = ([name, limit]: [string, number]) =>
        hasMoreEntries((batch[name] as Float32Tensor).data, limit);
      // No memory for a training whose batches are never sparse.
      if (!isReserved && [...limits].some(isDense)) return undefined;
      isReserved = true;
      const plan = planSparseBatch(products, batch, kernel, limits);
      return compress(batch, plan) ? createStep(plan) : undefined;
    },
  };
}

/** Most numbers that are not 0, of each matrix that products read. */
function findLimits(
  products: readonly SparseProduct[],
  batch: Batch,
  { states }: UpdateKernel,
): Map<string, number> {
  const widths = new Map<string, number>();
  for (const { input, weight } of products) {
    const [, width = 0] = states[weight]?.dims ?? [];
    widths.set(input, (widths.get(input) ?? 0) + width);
  }
  const limitOf = ([name, width]: [string, number]): [string, number] => {
    return [name, Math.floor(mostDense(width) * (batch[name] as Tensor).data.length)];
  };
  return new Map([...widths].map(limitOf));
}

/**
 * Above this share of numbers that are not 0 the engine's dense products are faster. An entry costs as much to find as
 * some sixty columns to add. Fitted to measured costs: about 9 % for 64 columns, 18 % for 600; docs/decisions/0012 has them.
 */
function mostDense(width: number): number {
  return Math.max(0, (width - 10) / (5 * width + 300));
}
