/** What will be trained, in the lines a person reads before it begins. */
import type { TrainingEvent } from "@attune/train";
import { formatBytes } from "./sizes.ts";

type Planned = Extract<TrainingEvent, { type: "planned" }>;

/** The size of every model before any is trained, what is left out and why, and who judges. */
export function describePlan({ models, leftOut, units }: Planned, limitBytes: number): readonly string[] {
  const sizes = models.map(({ kind, bytes }) => `${kind} ${formatBytes(bytes)}`).join(", ");
  return [
    `Projected model sizes: ${sizes} (limit ${formatBytes(limitBytes)}).`,
    ...leftOut.map(({ kind, reasons }) => `Left out: ${kind}, ${reasons.join("; ")}.`),
    `Settings are tuned on ${count(units.tuning)}, models compared on ${count(units.choosing)} others, and measured on ${count(units.test)} in the test.`,
  ];
}

function count(value: number): string {
  return value.toLocaleString("en");
}
