/** What a process tells of itself: event loop, memory, processor, garbage collection. */
import { constants, type PerformanceEntry, PerformanceObserver, performance } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { Reading } from "./exposition.ts";
import { createHistogram, type Histogram, observe } from "./histogram.ts";

export interface ProcessReadings {
  read(): readonly Reading[];
  /** Stops watching. */
  close(): void;
}

/** Twenty wake-ups a second, of some microseconds each. */
const lagIntervalMs = 50;

const lagBounds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

const gcBounds = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1];

const gcKinds: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: "minor",
  [constants.NODE_PERFORMANCE_GC_MAJOR]: "major",
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: "incremental",
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: "weakcb",
};

export function watchProcess(): ProcessReadings {
  const lag = createHistogram(lagBounds);
  const timer = watchLag(lag);
  const pauses = new Map<string, Histogram>();
  const collector = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { detail, duration } = entry as PerformanceEntry & { readonly detail: { readonly kind: number } };
      const kind = gcKinds[detail.kind] ?? "other";
      const histogram = pauses.get(kind) ?? createHistogram(gcBounds);
      pauses.set(kind, histogram);
      observe(histogram, duration / 1000);
    }
  });
  collector.observe({ entryTypes: ["gc"] });

  return {
    read() {
      const { heapUsed, external, rss } = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      return [
        ["nodejs_eventloop_delay_seconds", [[[], lag]]],
        ["nodejs_eventloop_active_seconds_total", [[[], performance.eventLoopUtilization().active / 1000]]],
        ["nodejs_gc_duration_seconds", [...pauses].map(([kind, histogram]) => [[kind], histogram] as const)],
        ["nodejs_heap_used_bytes", [[[], heapUsed]]],
        ["nodejs_heap_limit_bytes", [[[], getHeapStatistics().heap_size_limit]]],
        ["nodejs_external_memory_bytes", [[[], external]]],
        ["process_cpu_seconds_total", [[[], (user + system) / 1e6]]],
        ["process_resident_memory_bytes", [[[], rss]]],
        ["process_start_time_seconds", [[[], performance.timeOrigin / 1000]]],
      ];
    },
    close() {
      clearInterval(timer);
      collector.disconnect();
    },
  };
}

/**
 * How late the event loop serves a moment chosen at random: a pause of a second makes not one late wake-up but all that would
 * have been in it.
 */
function watchLag(lag: Histogram): NodeJS.Timeout {
  let dueAt = performance.now() + lagIntervalMs;
  const timer = setInterval(() => {
    const now = performance.now();
    // Node's timers may be early by part of a millisecond.
    for (let lateMs = Math.max(0, now - dueAt); lateMs >= 0; lateMs -= lagIntervalMs)
      observe(lag, lateMs / 1000);
    dueAt = now + lagIntervalMs;
  }, lagIntervalMs);
  return timer.unref();
}
