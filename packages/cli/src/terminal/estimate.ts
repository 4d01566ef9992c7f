/** A figure and, where it has one, its interval. */
import type { Estimate } from "@attune/contracts/manifest";

/** `0.0616 [0.0514, 0.0722]` */
export function formatEstimate(estimate: Estimate, format = (value: number) => value.toFixed(4)): string {
  const interval = formatInterval(estimate);
  return interval === "" ? format(estimate.value) : `${format(estimate.value)} [${interval}]`;
}

/** The bounds; nothing for a figure without. */
export function formatInterval({ interval }: Estimate, between = ", "): string {
  return interval === undefined ? "" : `${interval.lower.toFixed(4)}${between}${interval.upper.toFixed(4)}`;
}
