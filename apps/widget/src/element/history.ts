/** From what a page hands over to what a personalizer takes. Pure. */
import type { HistoryEntry } from "@attune/contracts";

/** A list attribute: JSON (`["a","b"]`) or ids divided by blanks. Absent or empty is no ids. */
export function parseIds(attribute: string | null): readonly string[] {
  const text = attribute?.trim() ?? "";
  if (text === "") return [];
  if (!text.startsWith("[")) return text.split(/\s+/);
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : [];
  } catch {
    return [];
  }
}

/**
 * The newest `limit` entries. A personalizer refuses longer histories than the model was made for; a page that
 * appends for weeks should not have to count.
 */
export function newestEntries(history: readonly HistoryEntry[], limit: number): readonly HistoryEntry[] {
  return history.length > limit ? history.slice(history.length - limit) : history;
}
