/** What the figures are means over, in words. */
import type { Estimate, TrainingManifest } from "@attune/contracts/manifest";
import { formatCount, formatLevel } from "./numbers.ts";

type Unit = TrainingManifest["unit"];

const plural: Readonly<Record<Unit, string>> = { user: "users", row: "rows", group: "groups" };

export function unitsOf(unit: Unit): string {
  return plural[unit];
}

/** `1 user`, `941 users` */
export function countUnits(count: number, unit: Unit): string {
  return `${formatCount(count)} ${count === 1 ? unit : plural[unit]}`;
}

/** `95 % bootstrap intervals over users`; of every kind and level that the figures have. */
export function intervalsOf(estimates: readonly Estimate[], unit: Unit): string {
  const words = estimates.flatMap(({ interval }) => {
    if (interval === undefined) return [];
    const over = interval.kind === "bootstrap" ? ` over ${plural[unit]}` : "";
    return [`${formatLevel(interval.level)} ${interval.kind} intervals${over}`];
  });
  return [...new Set(words)].join(", ") || "figures without intervals";
}
