/** What the values of a column of times look like. */
import type { Engine } from "../engine/engine.ts";
import { readNumbers, readRows } from "../engine/rows.ts";
import { latestTimeMs, readTime, type TimeUnit } from "../rules/source-columns.ts";
import { findCuts, placesOfShares } from "../split/time-cuts.ts";
import { joinSql, type Sql, sql } from "../sql/sql.ts";

/**
 * `iso`: ISO 8601 with its zone; `iso-local`: ISO 8601 without one, read as UTC; `s`, `ms`: epoch seconds and milliseconds up to
 * the year 9999; `us`: larger numbers; `date`: a date written as a number, 20240131; `empty`: nothing; `other`: none of these.
 */
export const timeForms = ["iso", "iso-local", "s", "ms", "us", "date", "empty", "other"] as const;
export type TimeForm = (typeof timeForms)[number];

export interface TimeSurvey {
  /** Rows of each form that occurs, and one value of it; most frequent first. */
  readonly forms: readonly { readonly form: TimeForm; readonly count: number; readonly example: string }[];
  /** What the config should say; `undefined` when hardly any value is a time that can be read. */
  readonly unit: TimeUnit | undefined;
  /** The oldest and the newest time, read in that unit; absent without one. */
  readonly range?: { readonly firstMs: number; readonly lastMs: number };
}

/** @param isTime - by the file's own schema: its text form is then ISO 8601. */
export async function surveyTimes(engine: Engine, text: Sql, isTime: boolean): Promise<TimeSurvey> {
  const number = engine.dialect.toNumber(text);
  const form = sql`case
    when ${text} is null or trim(${text}) = '' then 'empty'
    when ${engine.dialect.isoToEpochMs(text)} is not null then
      case when ${hasZone(engine, text)} then 'iso' else 'iso-local' end
    when ${number} is null then 'other'
    when ${isDateNumber(number)} then 'date'
    when abs(${number}) <= ${latestTimeMs / 1000} then 's'
    when abs(${number}) <= ${latestTimeMs} then 'ms'
    else 'us' end`;
  const rows = await readRows(
    engine,
    sql`select form, count(*) as n, min(value) from (select ${form} as form, ${text} as value from survey_rows) f
      group by form order by n desc, form asc`,
  );
  const forms = judgeDates(
    rows.map(([name, count, example]) => ({
      form: name as TimeForm,
      count: Number(count),
      example: String(example ?? ""),
    })),
  );
  const unit = isTime ? "iso" : pickUnit(forms);
  if (unit === undefined) return { forms, unit };
  const value = readTime(text, unit, engine.dialect);
  const [firstMs, lastMs] = await readNumbers(
    engine,
    sql`select min(value), max(value) from (select ${value} as value from survey_rows) v`,
  );
  return { forms, unit, range: { firstMs: firstMs!, lastMs: lastMs! } };
}

/** Whether the instants that give validation and test their shares leave something on each side of both. */
export async function canCutByTime(
  engine: Engine,
  text: Sql,
  { unit, ...shares }: { readonly unit: TimeUnit; readonly validation: number; readonly test: number },
): Promise<boolean> {
  const value = readTime(text, unit, engine.dialect);
  const [count, first] = await readNumbers(
    engine,
    sql`select count(value), min(value) from (select ${value} as value from survey_rows) v`,
  );
  if (count === 0) return false;
  const times = sql`(select ts, 0 as row_id from (select ${value} as ts from survey_rows) v where ts is not null)`;
  const [validation, test] = await findCuts(engine, times, placesOfShares(count!, shares));
  return first! < validation! && validation! < test!;
}

function isDateNumber(number: Sql): Sql {
  const month = sql`(floor(${number} / 100) - 100 * floor(${number} / 10000))`;
  const day = sql`(${number} - 100 * floor(${number} / 100))`;
  return sql`${number} between 19000101 and 21001231 and ${number} = floor(${number})
    and ${month} between 1 and 12 and ${day} between 1 and 31`;
}

/** Among more epoch seconds, numbers that could be dates are seconds too. */
function judgeDates(forms: TimeSurvey["forms"]): TimeSurvey["forms"] {
  const counts = countForms(forms);
  if (counts.date === 0 || counts.date > counts.s) return forms;
  return forms
    .filter(({ form }) => form !== "date")
    .map((entry) => (entry.form === "s" ? { ...entry, count: counts.s + counts.date } : entry))
    .sort((a, b) => b.count - a.count);
}

/** The most frequent form, when its values are more than those that are no time. */
function pickUnit(forms: TimeSurvey["forms"]): TimeSurvey["unit"] {
  const counts = countForms(forms);
  const units = [
    ["iso", counts.iso + counts["iso-local"]],
    ["s", counts.s],
    ["ms", counts.ms],
  ] as const;
  const [unit, count] = units.reduce((best, next) => (next[1] > best[1] ? next : best));
  return count > counts.us + counts.date + counts.other + counts.empty ? unit : undefined;
}

export function countForms(forms: TimeSurvey["forms"]): Record<TimeForm, number> {
  const counts = Object.fromEntries(timeForms.map((form) => [form, 0])) as Record<TimeForm, number>;
  for (const { form, count } of forms) counts[form] = count;
  return counts;
}

/** Of text that the dialect reads as a time: behind the ten characters of its date a sign is that of an offset. */
function hasZone({ dialect }: Engine, text: Sql): Sql {
  const tests = ["%Z", "%z", "%UTC", "%utc", "%+%", "%-%"].map(
    (zone) => sql`substr(${text}, 11) like ${dialect.text(zone)}`,
  );
  return sql`(${joinSql(tests, " or ")})`;
}
