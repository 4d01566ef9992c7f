/** Numbers that pick a row or a class must be whole and in range: an engine fails on others, or quietly skips them. */
import type { IdRange } from "../problem.ts";
import type { Batch } from "../tensors.ts";

/** @returns one sentence for each input with numbers that pick nothing. */
export function checkRanges(ranges: Readonly<Record<string, IdRange>>, batch: Batch): string[] {
  const issues: string[] = [];
  for (const [name, { count, what }] of Object.entries(ranges)) {
    const values = batch[name]?.data as Float32Array | Int32Array | undefined;
    if (values === undefined) continue;
    let wrong = 0;
    let first = 0;
    for (let at = 0; at < values.length; at++) {
      const value = values[at] as number;
      if (value >= 0 && value < count && Math.trunc(value) === value) continue;
      if (wrong === 0) first = value;
      wrong++;
    }
    if (wrong === 0) continue;
    const numbers = wrong === 1 ? `${first} is` : `${wrong} numbers are`;
    const example = wrong === 1 ? "" : `, such as ${first}`;
    issues.push(`${name}: ${numbers} no ${what}${example}; there are 0 to ${count - 1}`);
  }
  return issues;
}
