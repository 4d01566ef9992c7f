/** How long a server asks to be left alone. */

/**
 * Milliseconds from `Retry-After`, which holds seconds or a date. A date is compared with the answer's own `Date`, so the
 * clock of this machine does not matter. Undefined when there is none, or it is neither.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (value === undefined || value === "") return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  if (Number.isNaN(at)) return undefined;
  const sent = Date.parse(headers.get("date") ?? "");
  return Math.max(0, at - (Number.isNaN(sent) ? now : sent));
}
