/** Bytes in words. Pure. */

/** Decimal units, one decimal from a megabyte on: `512` → `"512 B"`, `2_140_000` → `"2.1 MB"`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
