/** How events are split into train, validation and test. */
import type { EventsSurvey } from "@attune/data";
import type { FurtherColumns } from "./further-columns.ts";
import type { DataInput, Guess } from "./guess.ts";

type Split = NonNullable<DataInput["split"]>;

const shares = { validation: 0.1, test: 0.1 } as const;

export interface SplitGuess {
  readonly split: Split;
  readonly guesses: readonly Guess[];
}

/** By time where there are times that part the events; else at random. */
export async function guessSplit(survey: EventsSurvey, { time }: FurtherColumns): Promise<SplitGuess> {
  if (time === undefined) return { split: { kind: "random", ...shares }, guesses: [] };
  const { choice, survey: times } = time;
  if (await survey.canCut(choice.column, { unit: times.unit, ...shares })) {
    return { split: { kind: "global-time", ...shares }, guesses: [] };
  }
  const split: Split = { kind: "random", ...shares };
  const text = `the times in ${choice.column} are too few to judge models on the newest events: the split is random; change it under data.split`;
  return { split, guesses: [{ setting: "data.split", value: split, text }] };
}
