/** What a report says differently by task. */
import type { TaskName } from "@attune/contracts";
import type { AnyFacts, ReportFacts, RowFacts } from "../facts.ts";
import type { Html } from "../html.ts";

interface Section<Facts> {
  /** Its place in the page: `#leaderboard`. */
  readonly id: string;
  /** Its words in the navigation. */
  readonly title: string;
  /** Nothing where there is nothing to say. */
  readonly render: (facts: Facts) => Html | undefined;
}

interface Report<Facts> {
  /** In the order of the page. */
  readonly sections: readonly Section<Facts>[];
  /** The last fact of the page's head: what the model serves. */
  readonly scope: (facts: Facts) => Scope;
}

export interface Scope {
  readonly title: string;
  readonly value: string;
  readonly note: string;
}

/** A section that every task may have. */
export type AnySection = Section<AnyFacts>;
export type ReportOfTask<T extends TaskName> = Report<ReportFacts<T>>;
/** A report that every task with rows may have. */
export type RowReport = Report<RowFacts>;
