/** What a reader should know of the events, a sentence each. */
import type { DatasetManifest } from "@attune/contracts/manifest";
import type { Engine } from "./engine/engine.ts";
import { readNumbers } from "./engine/rows.ts";
import { sql } from "./sql/sql.ts";

export interface NotedEvents {
  readonly hasTime: boolean;
  /** The events file, as the config names it. */
  readonly file: string;
  readonly targets: DatasetManifest<"recommend">["targets"];
}

export async function describeEvents(
  engine: Engine,
  { hasTime, file, targets }: NotedEvents,
): Promise<string[]> {
  const notes: string[] = [];
  if (!hasTime) notes.push(`${file} has no time column: file order is taken as the order of events.`);
  const tied = hasTime ? await countTied(engine) : 0;
  if (tied > 0) {
    notes.push(
      `${tied} ${tied === 1 ? "user has" : "users have"} several events that all share one time: file order is taken as their order.`,
    );
  }
  for (const [split, { kept, outsideCatalogue }] of Object.entries(targets)) {
    if (kept !== outsideCatalogue) continue;
    notes.push(`No ${split} target is an item that train has: every figure on the ${split} split is 0.`);
  }
  return notes;
}

/** Users whose events all happened at one time. */
async function countTied(engine: Engine): Promise<number> {
  const [count] = await readNumbers(
    engine,
    sql`select count(*) from (
      select user_code from split_events group by user_code having count(*) > 1 and min(ts) = max(ts)) tied`,
  );
  return count!;
}
