/** What a run found. Plain data: `--json` prints it as it is. */
import type { DocumentName, SpecReference } from "../cases/documents.ts";
import type { GroupName } from "../cases/groups.ts";
import type { Level } from "../expectations/expectation.ts";

/**
 * `failed`: a `must` does not hold. `warned`: a `should` does not. `noted`: a `may` does not. `skipped`: it could not be asked.
 */
export type Outcome = "passed" | "failed" | "warned" | "noted" | "skipped";

export interface Problem {
  readonly level: Level;
  readonly expected: string;
  readonly got: string;
}

/** A request as a line for a shell, and what came. Values of headers that the user gave are hidden. */
export interface ExchangeRecord {
  readonly curl: string;
  readonly answer: string;
}

export interface Result {
  readonly id: string;
  readonly group: GroupName;
  readonly level: Level;
  readonly title: string;
  /** Absent where the case is about the server. */
  readonly model?: string;
  readonly outcome: Outcome;
  readonly problems: readonly Problem[];
  /** Of a case that did not pass, in order. */
  readonly exchanges: readonly ExchangeRecord[];
  readonly skippedBecause?: string;
  readonly spec: SpecReference & { readonly document: DocumentName; readonly url: string };
  readonly note?: string;
}

export interface ModelReport {
  readonly name: string;
  readonly version?: string;
  /** Where its good request comes from; `none` skips the cases that need one. */
  readonly request: "given" | "generated" | "none";
  readonly noRequestBecause?: string;
}

export interface Report {
  readonly kit: { readonly name: string; readonly version: string };
  readonly url: string;
  readonly server?: {
    readonly name: string;
    readonly version: string;
    readonly extensions: readonly string[];
  };
  readonly models: readonly ModelReport[];
  readonly counts: Readonly<Record<Outcome, number>>;
  /** No `must` failed. */
  readonly conforms: boolean;
  readonly results: readonly Result[];
}

export const outcomes: readonly Outcome[] = ["passed", "failed", "warned", "noted", "skipped"];

export function countOutcomes(results: readonly Result[]): Readonly<Record<Outcome, number>> {
  const count = (outcome: Outcome) => results.filter((result) => result.outcome === outcome).length;
  return Object.fromEntries(outcomes.map((outcome) => [outcome, count(outcome)])) as Record<Outcome, number>;
}
