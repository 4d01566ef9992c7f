/** How large `model.onnx` will be, before anything is trained or written. */
import { AttuneError } from "@attune/contracts";

export interface SizePart {
  readonly name: "vocabulary" | "weights" | "popularity" | "graph";
  readonly bytes: number;
}

export interface ProjectedSize {
  readonly parts: readonly SizePart[];
  readonly totalBytes: number;
}

export interface SizeInput {
  /** `[items]` ids of the catalogue. */
  readonly itemIds: readonly string[];
  /** Bytes of the model's constants: `fragment.bytes`, or a trainer's estimate of it. */
  readonly weightBytes: number;
}

/** Nodes, names and small constants; measured 5.6 kB with a neighbour table. */
const graphBytes = 6_000;
/** An id is stored twice (to look up, to answer), each with its tag and length, and has an int64 code. */
const bytesPerId = 2 * 2 + 8;

/** Bytes by part. Exact for weights and popularity, within 1 kB for the vocabulary of ids below 128 bytes. */
export function projectSize({ itemIds, weightBytes }: SizeInput): ProjectedSize {
  const text = new TextEncoder();
  const vocabulary = itemIds.reduce((sum, id) => sum + 2 * text.encode(id).length + bytesPerId, 0);
  const parts: readonly SizePart[] = [
    { name: "weights", bytes: weightBytes },
    { name: "vocabulary", bytes: vocabulary },
    { name: "popularity", bytes: 4 * itemIds.length },
    { name: "graph", bytes: graphBytes },
  ];
  return { parts, totalBytes: parts.reduce((sum, part) => sum + part.bytes, 0) };
}

/** @throws {AttuneError} `EXPORT_TOO_LARGE` with the bytes of each part. */
export function assertSize({ parts, totalBytes }: ProjectedSize, limitBytes: number): void {
  if (totalBytes <= limitBytes) return;
  throw new AttuneError("EXPORT_TOO_LARGE", {
    projectedBytes: totalBytes,
    limitBytes,
    parts: parts.map(({ name, bytes }) => `${name}: ${(bytes / 1e6).toFixed(2)} MB`),
  });
}
