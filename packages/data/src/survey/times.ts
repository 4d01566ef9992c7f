/** What the values of a column of times look like. */
import type { Engine } from "../engine/engine.ts";
import { readRows } from "../engine/rows.ts";
import { joinSql, type Sql, sql } from "../sql/sql.ts";

/**
 * `iso`: ISO 8601 with its zone; `iso-local`: ISO 8601 without one, read as UTC; `s`, `ms`, `us`: epoch seconds, milliseconds,
 * microseconds; `empty`: nothing; `other`: none of these.
 */
export const timeForms = ["iso", "iso-local", "s", "ms", "us", "empty", "other"] as const;
export type TimeForm = (typeof timeForms)[number];

/** Epoch seconds up to the year 5138; more are milliseconds, as those since 1973 are. */
const mostSeconds = 1e11;
/** Epoch milliseconds up to the year 5138; more are microseconds. */
const mostMs = 1e14;

export interface TimeSurvey {
  /** Rows of each form that occurs, and one value of it; most frequent first. */
  readonly forms: readonly { readonly form: TimeForm; readonly count: number; readonly example: string }[];
  /** What the config should say; `undefined` when hardly any value is a time that can be read. */
  readonly unit: "s" | "ms" | "iso" | undefined;
}

/** @param isTime - by the file's own schema: its text form is then ISO 8601. */
export async function surveyTimes(engine: Engine, text: Sql, isTime: boolean): Promise<TimeSurvey> {
  const number = engine.dialect.toNumber(text);
  const form = sql`case
    when ${text} is null or trim(${text}) = '' then 'empty'
    when ${engine.dialect.isoToEpochMs(text)} is not null then
      case when ${hasZone(engine, text)} then 'iso' else 'iso-local' end
    when ${number} is null then 'other'
    when abs(${number}) <= ${mostSeconds} then 's'
    when abs(${number}) <= ${mostMs} then 'ms'
    else 'us' end`;
  const rows = await readRows(
    engine,
    sql`select form, count(*) as n, min(value) from (select ${form} as form, ${text} as value from survey_rows) f
      group by form order by n desc, form asc`,
  );
  const forms = rows.map(([name, count, example]) => ({
    form: name as TimeForm,
    count: Number(count),
    example: String(example ?? ""),
  }));
  return { forms, unit: isTime ? "iso" : pickUnit(forms) };
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
  return count > counts.us + counts.other + counts.empty ? unit : undefined;
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
