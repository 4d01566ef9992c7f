/** What a model card says differently by task. */
import type { TaskName } from "@attune/contracts";
import type { ReportFacts, RowFacts } from "../../report/facts.ts";

interface Card<Facts> {
  /** The task as the hub calls it. */
  readonly hubTask: string;
  /** Words of the hub's front matter. */
  readonly tags: readonly string[];
  /** What the file takes and gives; goes on after the model's own sentence. */
  readonly promise: string;
  /** What it is meant for, and what not. Paragraphs without blank lines at either end. */
  readonly use: (facts: Facts) => string;
  /** Ten lines for somebody who has the file and the engine; a test runs them. */
  readonly snippet: (facts: Facts) => string;
  /** What the file holds of the data. */
  readonly holds: string;
  /** How the figures were made, as a sentence without its full stop. */
  readonly evaluation: (facts: Facts) => string;
  /** One line a limit. */
  readonly limits: (facts: Facts) => readonly string[];
}

export type CardOfTask<T extends TaskName> = Card<ReportFacts<T>>;
/** A card that every task with rows may have. */
export type RowCard = Card<RowFacts>;
