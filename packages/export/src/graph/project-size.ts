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
  /** Bytes of the model's constants: `fragment.bytes`, or a trainer's estimate of it. */
  readonly weightBytes: number;
  /** `[items]` ids of the catalogue. Default: none; a row-wise task has no catalogue. */
  readonly itemIds?: readonly string[];
  /** Levels of every category and set column. Default: none. */
  readonly levels?: readonly (readonly string[])[];
}

/** Nodes, names and small constants; measured 8.9 kB with a neighbour table. */
const graphBytes = 8_900;
/** A text has a tag and its length, and its code is an int64. */
const bytesPerText = 2;
const bytesPerCode = 8;

/** Bytes by part. Exact for weights and popularity, within 1 kB for the vocabulary of ids below 128 bytes. */
export function projectSize({ weightBytes, itemIds, levels = [] }: SizeInput): ProjectedSize {
  const text = new TextEncoder();
  const bytesOf = (texts: readonly string[], copies: number) =>
    texts.reduce((sum, one) => sum + copies * (text.encode(one).length + bytesPerText) + bytesPerCode, 0);
  // An id of the catalogue is stored twice: to look up, and to answer.
  const ids = itemIds === undefined ? 0 : bytesOf(itemIds, 2);
  const vocabulary = levels.reduce((sum, own) => sum + bytesOf(own, 1), ids);
  const parts: readonly SizePart[] = [
    { name: "weights", bytes: weightBytes },
    { name: "vocabulary", bytes: vocabulary },
    ...(itemIds === undefined ? [] : [{ name: "popularity", bytes: 4 * itemIds.length } as const]),
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
