/** The keys of a JSON Lines file, as seen without an engine. */
import { readHead } from "./header.ts";

/** The keys of the first lines, in order of appearance. Broken lines have none. */
export async function readJsonKeys(path: string): Promise<string[]> {
  const keys = new Set<string>();
  for (const line of (await readHead(path)).split("\n").slice(0, 1000)) {
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value === "object" && value !== null) for (const key of Object.keys(value)) keys.add(key);
    } catch {
      // A cut or broken line: it is told with the others of its kind.
    }
  }
  return [...keys];
}
