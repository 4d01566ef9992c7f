/** Scopes of a graph are the path before the last slash of its names. */

/** `encode/history/gather` → `encode/history`; `""` at the top. */
export function scopeOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("/")));
}
