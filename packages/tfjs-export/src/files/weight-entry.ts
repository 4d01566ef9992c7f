/** Entries of a weights manifest: what may stand in one, and how many bytes its weight takes. */
import type { io } from "@tensorflow/tfjs-core";
import { isRecord } from "../record.ts";

type Entry = io.WeightsManifestEntry;
type Quantization = NonNullable<Entry["quantization"]>;

/** Bytes of one value as it is stored. Texts are stored as a length and that many bytes. */
const valueBytes: Readonly<Record<Exclude<Entry["dtype"], "string">, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  complex64: 8,
};
const quantizedBytes: Readonly<Record<Quantization["dtype"], number>> = { uint8: 1, uint16: 2, float16: 2 };
const dtypes = [...Object.keys(valueBytes), "string"];
const textLengthBytes = 4;

/**
 * Problems of one entry, one line each.
 *
 * @param names - names seen so far; the entry's own is added.
 */
export function checkWeightEntry(entry: unknown, names: Set<string>): readonly string[] {
  if (!isRecord(entry) || typeof entry.name !== "string") return ["a weight of the manifest has no name"];
  const { name, dtype, shape, quantization } = entry;
  const issues: string[] = [];
  if (names.has(name)) issues.push("is listed twice");
  names.add(name);
  if (typeof dtype !== "string" || !dtypes.includes(dtype))
    issues.push(`has dtype ${JSON.stringify(dtype)}; tfjs knows ${dtypes.join(", ")}`);
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0))
    issues.push(`has shape ${JSON.stringify(shape)}, which is no list of sizes`);
  if (quantization !== undefined) issues.push(...checkQuantization(quantization, dtype));
  return issues.map((issue) => `weight "${name}" ${issue}`);
}

function checkQuantization(quantization: unknown, dtype: unknown): readonly string[] {
  if (!isRecord(quantization)) return [`has quantization ${JSON.stringify(quantization)}`];
  const { dtype: stored, min, scale } = quantization;
  if (typeof stored !== "string" || !(stored in quantizedBytes))
    return [
      `is quantized to ${JSON.stringify(stored)}; tfjs knows ${Object.keys(quantizedBytes).join(", ")}`,
    ];
  if (stored === "float16")
    return dtype === "float32" ? [] : [`is quantized to float16, which holds float32 weights, not ${dtype}`];
  const issues: string[] = [];
  if (dtype !== "float32" && dtype !== "int32")
    issues.push(`is quantized to ${stored}, which holds float32 or int32 weights, not ${dtype}`);
  if (!Number.isFinite(min) || !Number.isFinite(scale) || scale === 0)
    issues.push(
      `is quantized to ${stored} with min ${min} and scale ${scale}; both must be finite, and scale not 0`,
    );
  return issues;
}

/** Whether `checkWeightEntry` has nothing against it, the name's uniqueness aside. */
export function isWeightEntry(entry: unknown): entry is Entry {
  return checkWeightEntry(entry, new Set()).length === 0;
}

/** Values in a weight. */
export function valueCount(entry: Entry): number {
  return entry.shape.reduce((product, size) => product * size, 1);
}

/**
 * Bytes that a weight takes in its file. Texts carry their lengths with them, which is why `bytes` and `offset`, where
 * the weight starts, are asked for; of texts past the end only the missing length is counted.
 */
export function storedBytes(entry: Entry, bytes: DataView, offset: number): number {
  const count = valueCount(entry);
  if (entry.quantization !== undefined) return count * quantizedBytes[entry.quantization.dtype];
  if (entry.dtype !== "string") return count * valueBytes[entry.dtype];
  let end = offset;
  for (let at = 0; at < count; at++) {
    const known = end + textLengthBytes <= bytes.byteLength;
    end += textLengthBytes + (known ? bytes.getUint32(end, true) : 0);
  }
  return end - offset;
}
