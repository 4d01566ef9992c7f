/** What a reader should know of the events, a sentence each. */
import type { DatasetManifest } from "@attune/contracts/manifest";
import type { Engine } from "./engine/engine.ts";
import { readNumbers } from "./engine/rows.ts";
import type { EventParts } from "./source/import-events.ts";
import type { SourceFile } from "./source/open-files.ts";
import { sql } from "./sql/sql.ts";

export interface NotedEvents {
  readonly hasTime: boolean;
  readonly parts: EventParts;
  readonly targets: DatasetManifest<"recommend">["targets"];
}

export async function describeEvents(
  engine: Engine,
  { hasTime, parts, targets }: NotedEvents,
): Promise<string[]> {
  const notes = parts.files.filter(({ isOpenEnded }) => isOpenEnded).map(({ file }) => describeEnd(file));
  if (!hasTime)
    notes.push(
      `${parts.files[0]!.file.name} has no time column: file order is taken as the order of events.`,
    );
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

function describeEnd({ name }: SourceFile): string {
  return `The last line of ${name} has no line end: if the file was cut there, so is the last value.`;
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
