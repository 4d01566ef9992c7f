/** Finds NaN and infinity in the stored bytes of a weight. */
import type { io } from "@tensorflow/tfjs-core";

/** `refused`: no trained weight is infinite. `allowed`: a graph's constants may be, as bounds and masks are. */
export type Infinities = "refused" | "allowed";

/** One line when the weight holds such values, none otherwise. */
export function countNotFinite(
  entry: io.WeightsManifestEntry,
  bytes: ArrayBuffer,
  infinities: Infinities,
): readonly string[] {
  const values = floatsOf(entry, bytes);
  let count = 0;
  for (const value of values) {
    if (infinities === "refused" ? !Number.isFinite(value) : Number.isNaN(value)) count += 1;
  }
  const what = infinities === "refused" ? "NaN or infinite" : "NaN";
  return count === 0
    ? []
    : [`weight "${entry.name}" [${entry.shape.join(", ")}] has ${count} of ${values.length} values ${what}`];
}

/** Integers cannot be NaN, and neither can what is scaled from them. */
function floatsOf(entry: io.WeightsManifestEntry, bytes: ArrayBuffer): ArrayLike<number> & Iterable<number> {
  if (entry.quantization?.dtype === "float16") return Float32Array.from(new Uint16Array(bytes), halfClass);
  const isFloat = entry.dtype === "float32" || entry.dtype === "complex64";
  return isFloat && entry.quantization === undefined ? new Float32Array(bytes) : [];
}

/** Of a half float only what matters here: finite (as 0), infinite or NaN. @see IEEE 754 binary16. */
function halfClass(bits: number): number {
  if ((bits & 0x7c00) !== 0x7c00) return 0;
  return (bits & 0x03ff) === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
}
