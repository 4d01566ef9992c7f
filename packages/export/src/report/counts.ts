/** What was measured and what is released, in words: counts of events or of rows. */
import type { TaskName } from "@attune/contracts";
import type { TrainingManifest } from "@attune/contracts/manifest";
import { formatCount } from "./numbers.ts";

/** Counts behind a fit, of whichever task. */
type Counts = TrainingManifest["measured"];

/** `9,000 events of 600 users and 3,650 items`, `1,000 rows of 40 groups` */
export function formatCounts(counts: Counts): string {
  if ("events" in counts) {
    const { events, users, items } = counts;
    return `${formatCount(events)} events of ${formatCount(users)} users and ${formatCount(items)} items`;
  }
  const groups = counts.groups === undefined ? "" : ` of ${formatCount(counts.groups)} groups`;
  return `${formatCount(counts.rows)} rows${groups}`;
}

/** Both counts, and what each is for, in one sentence. */
export function measuredAndReleased({ measured, released }: TrainingManifest<TaskName>): string {
  return `Every figure is that of a fit on ${formatCounts(measured)}, measured on a test it had not seen; the released model was then fitted with the same settings on all ${formatCounts(released)}.`;
}
