/** What is counted for each version of a model, and forgotten when the version is gone. */
import { createHistogram, type Histogram, observe } from "./histogram.ts";

export interface ModelLabels {
  readonly model: string;
  readonly version: number;
}

/** Duration by route, method and status: the count of requests is in it. */
type RequestSeries = Map<string, Map<string, Map<number, Histogram>>>;

export interface VersionSeries {
  readonly labels: readonly [model: string, version: string];
  readonly requests: RequestSeries;
  readonly wait: Histogram;
  readonly batchSize: Histogram;
  readonly inference: Histogram;
  recommendations: number;
  fallbacks: number;
  unknownIds: number;
  predictions: number;
  /** A scrape has had the last figures. */
  wasShownGone: boolean;
}

export interface VersionStore {
  /** What requests without a model are counted in. */
  readonly none: VersionSeries;
  of(labels: ModelLabels): VersionSeries;
  /** Those of all versions. One that is not loaded any more is given once, and never again. */
  scrape(): readonly VersionSeries[];
}

const secondsBounds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Waits and runs are shorter than what a caller sees. */
const shortBounds = [0.0001, 0.00025, ...secondsBounds.slice(0, -2)];
const batchBounds = [1, 2, 4, 8, 16, 32, 64];

/** Versions of one model that are gone, but not scraped since: a hundred swaps must not grow the server. */
const maxGone = 8;

/** Methods that a route can have; all others share a label. */
const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** @param loaded - versions that may answer; all others are on their way in or out. */
export function createVersionStore(loaded: () => readonly ModelLabels[]): VersionStore {
  const byModel = new Map<string, Map<number, VersionSeries>>();

  function goneOf(model: string): readonly number[] {
    const kept = new Set(loaded().flatMap((one) => (one.model === model ? [one.version] : [])));
    return [...(byModel.get(model)?.keys() ?? [])].filter((version) => !kept.has(version));
  }

  function create({ model, version }: ModelLabels): VersionSeries {
    const gone = goneOf(model);
    const versions = getOrAdd(byModel, model, () => new Map<number, VersionSeries>());
    for (const one of gone.slice(0, Math.max(0, gone.length - maxGone + 1))) versions.delete(one);
    return getOrAdd(versions, version, () => createSeries(model, String(version)));
  }

  const of = (labels: ModelLabels) => byModel.get(labels.model)?.get(labels.version) ?? create(labels);

  return {
    none: createSeries("", ""),
    of,
    scrape() {
      for (const labels of loaded()) of(labels).wasShownGone = false;
      for (const [model, versions] of byModel) {
        for (const version of goneOf(model)) {
          const series = versions.get(version)!;
          if (series.wasShownGone) versions.delete(version);
          series.wasShownGone = true;
        }
        if (versions.size === 0) byModel.delete(model);
      }
      return [...byModel.values()].flatMap((versions) => [...versions.values()]);
    },
  };
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const added = create();
  map.set(key, added);
  return added;
}

function createSeries(model: string, version: string): VersionSeries {
  return {
    labels: [model, version],
    requests: new Map(),
    wait: createHistogram(shortBounds),
    batchSize: createHistogram(batchBounds),
    inference: createHistogram(shortBounds),
    recommendations: 0,
    fallbacks: 0,
    unknownIds: 0,
    predictions: 0,
    wasShownGone: false,
  };
}

/** @param route - the route's pattern, never the path a caller typed. */
export function observeRequestOf(
  { requests }: VersionSeries,
  { method, route, status }: { readonly method: string; readonly route: string; readonly status: number },
  seconds: number,
): void {
  const byMethod = getOrAdd(requests, route, createMap<string, Map<number, Histogram>>);
  const byStatus = getOrAdd(byMethod, methods.has(method) ? method : "other", createMap<number, Histogram>);
  observe(getOrAdd(byStatus, status, createDuration), seconds);
}

const createMap = <Key, Value>() => new Map<Key, Value>();
const createDuration = () => createHistogram(secondsBounds);

/** Labels method, route, status, model and version, with the durations. */
export function* requestsOf({
  labels,
  requests,
}: VersionSeries): Iterable<readonly [(string | number)[], Histogram]> {
  for (const [route, byMethod] of requests) {
    for (const [method, byStatus] of byMethod) {
      for (const [status, duration] of byStatus) yield [[method, route, status, ...labels], duration];
    }
  }
}
