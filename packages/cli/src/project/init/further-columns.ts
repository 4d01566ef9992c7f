/** Columns that an events file may have besides who and what: a column is taken when its values bear out its name. */
import { AttuneError } from "@attune/contracts";
import {
  type EventsSurvey,
  mostTypes,
  type RatingSurvey,
  type SampledColumn,
  type TimeSurvey,
  type TypeSurvey,
} from "@attune/data";
import { cutText, formatCount } from "./figures.ts";
import type { Choice } from "./guess.ts";
import { listCandidates, type Role } from "./roles.ts";
import { describeNoTimes, describeTimes } from "./time-forms.ts";
import type { NamedColumns } from "./who-and-what.ts";

/** Columns that may play each of the further roles, best first. */
export type FurtherCandidates = Readonly<Record<FurtherRole, readonly string[]>>;
type FurtherRole = Extract<Role, "rating" | "time" | "type">;

/** A column and what stands in it. */
interface Surveyed<S> {
  readonly choice: Choice;
  readonly survey: S;
}

type TimeColumn = TimeSurvey & { readonly unit: NonNullable<TimeSurvey["unit"]> };
type TypeColumn = TypeSurvey & { readonly values: NonNullable<TypeSurvey["values"]> };

export interface FurtherColumns {
  readonly rating: Surveyed<RatingSurvey> | undefined;
  readonly time: Surveyed<TimeColumn> | undefined;
  readonly type: Surveyed<TypeColumn> | undefined;
  /** Columns that are called like a role and cannot play it, a sentence each. */
  readonly notes: readonly string[];
}

/** @param taken - columns that play a part already. */
export function listFurther(
  sampled: readonly SampledColumn[],
  named: NamedColumns,
  taken: readonly string[],
): FurtherCandidates {
  const found = sampled.map(({ name }) => name);
  const isFree = (column: string) => !taken.includes(column) && !Object.values(named).includes(column);
  const list = (role: FurtherRole, others: readonly string[] = []) => {
    const name = named[role];
    if (name !== undefined) return [name];
    const columns = [...listCandidates(role, found).map(({ column }) => column), ...others];
    return [...new Set(columns)].filter(isFree);
  };
  const dated = sampled.filter(({ isTime }) => isTime).map(({ name }) => name);
  return { rating: list("rating"), time: list("time", dated), type: list("type") };
}

/** @throws {AttuneError} `CLI_COLUMNS` when a column that was named cannot play its role. */
export async function chooseFurther(
  survey: EventsSurvey,
  candidates: FurtherCandidates,
  named: NamedColumns,
  file: { readonly path: string; readonly found: readonly string[] },
): Promise<FurtherColumns> {
  const notes: string[] = [];
  const issues: string[] = [];
  const taken = new Set<string>();
  /** The first candidate whose values fit; the others are told of. */
  const pick = async <S>(role: FurtherRole, judge: (column: string) => Promise<Fit<S>>) => {
    for (const column of candidates[role].filter((name) => !taken.has(name))) {
      const fit = await judge(column);
      if ("survey" in fit) {
        taken.add(column);
        const why = `${named[role] === undefined ? "its name" : `--${role}`}; ${fit.why}`;
        return { choice: { column, why }, survey: fit.survey };
      }
      if (named[role] !== undefined) issues.push(`--${role} ${column}: ${fit.misfit}`);
      else notes.push(`${column} is not taken as the ${role}: ${fit.misfit}.`);
    }
    return undefined;
  };
  const rating = await pick("rating", async (column) => judgeRatings(await survey.ratings(column)));
  const time = await pick("time", async (column) => judgeTimes(await survey.times(column)));
  const type = await pick("type", async (column) => judgeTypes(await survey.types(column)));
  if (issues.length > 0) throw new AttuneError("CLI_COLUMNS", { ...file, issues });
  return { rating, time, type, notes };
}

/** Whether values bear out a column's name: what they are, or what speaks against it. */
type Fit<S> = { readonly survey: S; readonly why: string } | { readonly misfit: string };

function judgeRatings(survey: RatingSurvey): Fit<RatingSurvey> {
  const { count, otherCount, otherExample, min, max } = survey;
  if (otherCount >= count) {
    const example =
      otherExample === "" ? "" : `, such as ${JSON.stringify(cutText(otherExample))} (decimals need a point)`;
    return { misfit: `${describePart(otherCount, count + otherCount)} have no number in it${example}` };
  }
  if (count > 1 && min === max) return { misfit: `every value is ${min}` };
  return { survey, why: `${min} to ${max}` };
}

function judgeTimes(survey: TimeSurvey): Fit<TimeColumn> {
  const { unit, forms, range } = survey;
  if (unit === undefined) return { misfit: describeNoTimes(forms) };
  const count = forms.reduce((sum, entry) => sum + entry.count, 0);
  if (count > 1 && range?.firstMs === range?.lastMs) {
    return { misfit: `every value is ${JSON.stringify(cutText(forms[0]!.example))}` };
  }
  return { survey: { ...survey, unit }, why: describeTimes(survey) };
}

function judgeTypes({ values, emptyCount }: TypeSurvey): Fit<TypeColumn> {
  if (values === undefined) return { misfit: `it has more than ${mostTypes} distinct values` };
  const filledCount = values.reduce((sum, { count }) => sum + count, 0);
  if (emptyCount >= filledCount) {
    return { misfit: `${describePart(emptyCount, emptyCount + filledCount)} have none` };
  }
  return { survey: { values, emptyCount }, why: `${formatCount(values.length)} distinct` };
}

const describePart = (part: number, whole: number) => `${formatCount(part)} of ${formatCount(whole)} rows`;
