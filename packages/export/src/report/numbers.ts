/** How the report and the card write numbers. Always the same characters, whatever the machine's locale. */
import type { Estimate } from "@attune/contracts/manifest";

/** `1234567` → `1,234,567` */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Four decimals below 10, two above. */
export function formatValue(value: number): string {
  return minus(value.toFixed(Math.abs(value) < 10 ? 4 : 2));
}

/** With its sign: `+0.0123`, `−0.0040`. */
export function formatSigned(value: number): string {
  const text = formatValue(value);
  return value > 0 ? `+${text}` : text;
}

/** `0.1234 – 0.1301`; a figure without an interval (coverage, novelty) gets a dash. */
export function formatRange({ interval }: Estimate, format = formatValue): string {
  if (interval === undefined) return "–";
  return `${format(interval.lower)} – ${format(interval.upper)}`;
}

/** `0.95` → `95 %`, `0.98333` → `98.3 %` */
export function formatLevel(level: number): string {
  return `${Number((100 * level).toFixed(1))}\u00a0%`;
}

/** A probability: four decimals, or that it is smaller. */
export function formatProbability(p: number): string {
  return p < 0.0001 ? "< 0.0001" : p.toFixed(4);
}

/** `1234` → `1.2 s`, `600000` → `10.0 min` */
export function formatTime(ms: number): string {
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

/** A true minus sign, as wide as a plus. */
function minus(text: string): string {
  return text.replace("-", "−");
}

/** `8,412,345` → `8.41 MB` */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes}\u00a0B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)}\u00a0kB` : `${(bytes / 1e6).toFixed(2)}\u00a0MB`;
}

/** `0.123` → `12.3 %` */
export function formatShare(share: number): string {
  return minus(`${(100 * share).toFixed(1)}\u00a0%`);
}

/** `2026-11-24` of an epoch in milliseconds, in UTC. */
export function formatDay(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** `{ lambda: 400 }` → `lambda 400`; nested values as JSON. */
export function formatSettings(settings: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(settings).map(
    ([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`,
  );
  return parts.length === 0 ? "none" : parts.join(", ");
}
