/** Lines of a JSON Lines file, as seen without an engine: its keys, and which line is broken. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { readHead } from "./header.ts";

/** The keys of the first lines, in order of appearance. Broken lines are left to the engine to refuse. */
export async function readJsonKeys(path: string): Promise<string[]> {
  const keys = new Set<string>();
  for (const line of (await readHead(path)).split("\n").slice(0, 1000)) {
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value === "object" && value !== null) for (const key of Object.keys(value)) keys.add(key);
    } catch {
      // A cut or broken line: the import names it.
    }
  }
  return [...keys];
}

/** What is wrong with the first line that is no JSON, with its number from 1; `undefined` when all are. */
export async function findBrokenJsonLine(path: string): Promise<string | undefined> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === "") continue;
    try {
      JSON.parse(line);
    } catch (cause) {
      return `line ${number} is no JSON (${(cause as Error).message})`;
    }
  }
  return undefined;
}
