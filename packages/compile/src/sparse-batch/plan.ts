/** Where a sparse batch, its products and their gradients lie in the update kernel's memory. */
import type { Tensor } from "@attune/contracts";
import type { SparseProduct } from "@attune/trace";
import type { Batch } from "../tensors.ts";
import { alignAddress } from "../update-kernel/plan-memory.ts";
import type { KernelBeside, UpdateKernel } from "../update-kernel/update-kernel.ts";
import { type Compressed, pieceLength, type SearchRoom } from "./compress.ts";
import { markLength } from "./multiply.ts";

/** A matrix of the batch. */
export interface SparseInput {
  readonly rows: Compressed;
  readonly columns: Compressed;
  /** Most entries that it may have. */
  readonly limit: number;
}

export interface Plan {
  readonly search: SearchRoom;
  readonly marks: Float32Array;
  /** By the names of the batch's tensors. */
  readonly inputs: ReadonlyMap<string, SparseInput>;
  /** `[rows, out]`, in the order of the products. */
  readonly results: readonly {
    readonly product: Tensor<"float32">;
    readonly outputGradient: Tensor<"float32">;
  }[];
}

interface Region {
  readonly address: number;
  /** In words. */
  readonly length: number;
}

/**
 * @param limits - most entries of each matrix by name.
 * @throws {AttuneError} `TRAIN_TOO_LARGE`
 */
export function planSparseBatch(
  products: readonly SparseProduct[],
  batch: Batch,
  { states, beside }: UpdateKernel,
  limits: ReadonlyMap<string, number>,
): Plan {
  let end = beside.start;
  const take = (length: number): Region => {
    const address = end;
    end += alignAddress(4 * length);
    return { address, length };
  };
  const compressed = (count: number, capacity: number) => {
    return { starts: take(count + 1), places: take(capacity), values: take(capacity) };
  };
  const search = { piece: take(pieceLength), groups: take(pieceLength / 4), length: take(1) };
  const marks = take(markLength(beside.threads.count));
  const inputs = [...limits].map(([name, limit]) => {
    const [rowCount = 0, width = 0] = (batch[name] as Tensor).dims;
    const rows = compressed(rowCount, limit + pieceLength);
    return { name, limit, rows, columns: compressed(width, limit) };
  });
  const results = products.map(({ input, weight }) => {
    const [rowCount = 0] = (batch[input] as Tensor).dims;
    const [, width = 0] = states[weight]?.dims ?? [];
    const size = rowCount * width;
    return { dims: [rowCount, width], product: take(size), outputGradient: take(size) };
  });
  beside.reserve(end);
  const { ints, floats, compressedAt, tensorAt } = createViews(beside);
  return {
    search: { piece: floats(search.piece), groups: ints(search.groups), length: ints(search.length) },
    marks: floats(marks),
    inputs: new Map(
      inputs.map(({ name, rows, columns, limit }) => [
        name,
        { rows: compressedAt(rows), columns: compressedAt(columns), limit },
      ]),
    ),
    results: results.map(({ dims, product, outputGradient }) => {
      return { product: tensorAt(dims, product), outputGradient: tensorAt(dims, outputGradient) };
    }),
  };
}

/** To be called once memory is reserved: views of the smaller one would be empty. */
function createViews({ buffer }: KernelBeside) {
  const ints = ({ address, length }: Region) => new Int32Array(buffer, address, length);
  const floats = ({ address, length }: Region) => new Float32Array(buffer, address, length);
  return {
    ints,
    floats,
    compressedAt: ({ starts, places, values }: Readonly<Record<keyof Compressed, Region>>): Compressed => {
      return { starts: ints(starts), places: ints(places), values: floats(values) };
    },
    tensorAt(dims: readonly number[], region: Region): Tensor<"float32"> {
      // Whole registers are looked at, so what lies behind the last number must be one.
      const padded = floats({ ...region, length: alignAddress(4 * region.length) / 4 });
      padded.fill(0, region.length);
      return { dtype: "float32", dims, data: padded.subarray(0, region.length) };
    },
  };
}
