/** What must hold of the answers to a case's requests. */
import type { HttpAnswer } from "../http/http-request.ts";

/** `must`: without it clients break. `should`: a warning. `may`: told, and no more. */
export type Level = "must" | "should" | "may";

export interface Expectation<Facts> {
  /** In words, for the report. */
  readonly says: string;
  /** Lower than the case's, where what is asked is less than what the case asks. */
  readonly level?: Level;
  /** What came instead, or undefined. */
  check(answers: readonly HttpAnswer[], facts: Facts): string | undefined;
}

/** Held against each answer in turn. */
export function onEach<Facts>(
  says: string,
  check: (answer: HttpAnswer, facts: Facts) => string | undefined,
): Expectation<Facts> {
  return {
    says,
    check: (answers, facts) => {
      for (const answer of answers) {
        const problem = check(answer, facts);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
  };
}

/** The same, as a warning only. */
export function should<Facts>(expectation: Expectation<Facts>): Expectation<Facts> {
  return { ...expectation, level: "should" };
}
