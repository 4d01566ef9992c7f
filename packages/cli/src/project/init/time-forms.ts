/** Forms of times in words. */
import type { TimeForm, TimeSurvey } from "@attune/data";
import { cutText, formatCount } from "./figures.ts";

/** Numbers that are all before this day are hardly times: 1973-03-03. */
const earliestMs = 1e11;

export const formNames: Readonly<Record<TimeForm, string>> = {
  iso: "ISO 8601 with a zone",
  "iso-local": "ISO 8601 without a zone (read as UTC)",
  s: "epoch seconds",
  ms: "epoch milliseconds",
  us: "epoch microseconds, or finer ones",
  date: "dates written as numbers",
  empty: "empty",
  other: "no time",
};

type Read = Pick<TimeSurvey, "forms" | "range">;

const readable: readonly TimeForm[] = ["iso", "iso-local", "s", "ms"];

/** `epoch seconds`, or each form with its count where they are mixed. */
export function describeForms(forms: TimeSurvey["forms"]): string {
  if (forms.length === 1) return formNames[forms[0]!.form];
  return forms.map(({ form, count }) => `${formatCount(count)} ${formNames[form]}`).join(", ");
}

/** The forms, and from when to when the times are. */
export function describeTimes({ forms, range }: Read): string {
  const days = range && [range.firstMs, range.lastMs].map((ms) => new Date(ms).toISOString().split("T")[0]);
  return [describeForms(forms), ...(days ? [days.join(" to ")] : [])].join("; ");
}

/** Why a column is no column of times, with a value that is none. */
export function describeNoTimes(forms: TimeSurvey["forms"]): string {
  const { example = "" } =
    forms.find(({ form, example }) => !readable.includes(form) && example !== "") ?? {};
  const shown = example === "" ? "" : `, such as ${JSON.stringify(cutText(example))}`;
  return `its values are ${describeForms(forms)}${shown}; ISO 8601, epoch seconds and epoch milliseconds can be read`;
}

/** A sentence when numbers are times of 1970: they are most likely something else, of which the order is right. */
export function describeEarlyTimes(column: string, { unit, range }: TimeSurvey): string | undefined {
  if (unit === "iso" || range === undefined || range.lastMs >= earliestMs) return undefined;
  return `${column} is a guess: read as ${formNames[unit ?? "other"]} its times end on ${new Date(range.lastMs).toISOString().split("T")[0]}. If it holds something else, such as the numbers of days, their order alone is right.`;
}

/** A sentence when times of another form than the unit's stand in the column: their rows are bad rows. */
export function describeMixedTimes(column: string, { forms, unit }: TimeSurvey): string | undefined {
  const times = forms.filter(({ form }) => form !== "empty" && form !== "other");
  const isOfUnit = (form: TimeForm) =>
    unit === "iso" ? form === "iso" || form === "iso-local" : form === unit;
  if (times.every(({ form }) => isOfUnit(form))) return undefined;
  const read = unit === "iso" ? "ISO 8601" : formNames[unit ?? "other"];
  const wrong =
    unit === "ms" && times.some(({ form }) => form === "s")
      ? "epoch seconds are taken for milliseconds, which makes them times of 1970: mend them"
      : "rows of another form cannot be used";
  return `${column} mixes forms of times: ${describeForms(times)}. It is read as ${read}, the most frequent; ${wrong}.`;
}
