/** Everything `init` learns from the events file and the files beside it, in one reading. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { openSurvey, type SampledColumn } from "@attune/data";
import type { Io } from "../../io.ts";
import { withProgress } from "../../terminal/progress.ts";
import { formatBytes } from "../../terminal/sizes.ts";
import { formatCount } from "./figures.ts";
import { chooseFurther, type FurtherColumns, listFurther } from "./further-columns.ts";
import type { Guess } from "./guess.ts";
import { guessRules, type RulesGuess } from "./guess-rules.ts";
import { guessSplit, type SplitGuess } from "./guess-split.ts";
import { chooseItems, type ItemsGuess } from "./items-file.ts";
import { describeEarlyTimes, describeMixedTimes } from "./time-forms.ts";
import type { NamedColumns } from "./who-and-what.ts";

const stages = ["reading", "further columns", "rules", "items"] as const;

export interface FileFindings {
  readonly further: FurtherColumns;
  readonly rules: RulesGuess["rules"];
  readonly split: SplitGuess["split"];
  readonly items: ItemsGuess["items"];
  readonly guesses: readonly Guess[];
  readonly notes: readonly string[];
}

interface Input {
  /** Absolute. */
  readonly events: string;
  readonly sampled: readonly SampledColumn[];
  readonly named: NamedColumns;
  readonly user: string;
  readonly item: string;
  /** Absolute; undefined: look beside the events. */
  readonly itemsFile: string | undefined;
  readonly configDir: string;
}

export function surveyFile(input: Input, io: Io): Promise<FileFindings> {
  const { events, sampled, named, user, item, configDir } = input;
  const name = path.basename(events);
  return withProgress(io, "survey", async (update) => {
    const show = (stage: (typeof stages)[number], note: string = stage) =>
      update(stages.indexOf(stage), stages.length, note);
    show("reading", `reading ${name}, ${formatBytes((await stat(events)).size)}`);
    const candidates = listFurther(sampled, named, [user, item]);
    const survey = await openSurvey(events, [...new Set([user, item, ...Object.values(candidates).flat()])]);
    try {
      show("further columns");
      const found = sampled.map((column) => column.name);
      const further = await chooseFurther(survey, candidates, named, { path: events, found });
      show("rules");
      const rules = await guessRules(survey, { user, item, ...further });
      const split = await guessSplit(survey, further);
      show("items");
      const items = await chooseItems(survey, { events, item, given: input.itemsFile, configDir });
      const value = {
        further,
        rules: rules.rules,
        split: split.split,
        items: items.items,
        guesses: [...rules.guesses, ...split.guesses, ...items.guesses],
        notes: [...further.notes, ...noteTimes(further), ...rules.notes, ...items.notes],
      };
      const rows = `${formatCount(survey.rowCount)} row${survey.rowCount === 1 ? "" : "s"} of ${name}`;
      return { value, summary: survey.isComplete ? rows : `${rows}, broken ones left aside` };
    } finally {
      await survey.close();
    }
  });
}

function noteTimes({ time }: FurtherColumns): readonly string[] {
  if (time === undefined) return [];
  const { choice, survey } = time;
  const notes = [describeMixedTimes(choice.column, survey), describeEarlyTimes(choice.column, survey)];
  return notes.filter((note) => note !== undefined);
}
