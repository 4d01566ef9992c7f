/** One request or many, checked and run in batches: what the personalizer and the predictor share. */
import { AttuneError } from "@attune/contracts";

/** Appends one line per problem, `path: what is wrong`; `path` is `""` or `"requests[2]."`. */
export type RequestCheck = (request: unknown, path: string, issues: string[]) => void;

interface AnswerOptions<Request, Answer> {
  readonly check: RequestCheck;
  /** Requests in one run, ≥ 1. */
  readonly maxBatch: number;
  /** Runs checked requests, at least one. */
  runBatch(requests: readonly Request[]): Promise<Answer[]>;
}

interface Answers<Request, Answer> {
  /** @throws {AttuneError} `REQUEST_INVALID` with every problem. */
  one(request: Request): Promise<Answer>;
  /** @throws {AttuneError} `REQUEST_INVALID` with every problem of every request; nothing is run then. */
  many(requests: readonly Request[]): Promise<Answer[]>;
}

export function createAnswers<Request, Answer>(
  options: AnswerOptions<Request, Answer>,
): Answers<Request, Answer> {
  const { check, maxBatch, runBatch } = options;
  return {
    async one(request) {
      const issues: string[] = [];
      check(request, "", issues);
      if (issues.length > 0) throw new AttuneError("REQUEST_INVALID", { issues });
      const [answer] = await runBatch([request]);
      return answer!;
    },
    async many(requests) {
      const issues: string[] = [];
      if (!Array.isArray(requests)) issues.push("requests: expected a list");
      else {
        requests.forEach((request, index) => {
          check(request, `requests[${index}].`, issues);
        });
      }
      if (issues.length > 0) throw new AttuneError("REQUEST_INVALID", { issues });
      const answers: Answer[] = [];
      for (let start = 0; start < requests.length; start += maxBatch) {
        answers.push(...(await runBatch(requests.slice(start, start + maxBatch))));
      }
      return answers;
    },
  };
}
