/** Forms of times in words. */
import type { TimeForm, TimeSurvey } from "@attune/data";
import { formatCount } from "./figures.ts";

export const formNames: Readonly<Record<TimeForm, string>> = {
  iso: "ISO 8601 with a zone",
  "iso-local": "ISO 8601 without a zone (read as UTC)",
  s: "epoch seconds",
  ms: "epoch milliseconds",
  us: "epoch microseconds",
  empty: "empty",
  other: "no time",
};

/** `epoch seconds`, or each form with its count where they are mixed. */
export function describeTimes(forms: TimeSurvey["forms"]): string {
  if (forms.length === 1) return formNames[forms[0]!.form];
  return forms.map(({ form, count }) => `${formatCount(count)} ${formNames[form]}`).join(", ");
}

/** A sentence when times of another form than the unit's stand in the column: their rows are bad rows. */
export function describeMixedTimes(column: string, { forms, unit }: TimeSurvey): string | undefined {
  const times = forms.filter(({ form }) => form !== "empty" && form !== "other");
  const isOfUnit = (form: TimeForm) =>
    unit === "iso" ? form === "iso" || form === "iso-local" : form === unit;
  if (times.every(({ form }) => isOfUnit(form))) return undefined;
  const read = unit === "iso" ? "ISO 8601" : formNames[unit ?? "other"];
  return `${column} mixes forms of times: ${describeTimes(times)}. It is read as ${read}, the most frequent; rows of another form cannot be used.`;
}
