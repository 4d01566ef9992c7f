/** What every route is given. */
import { AttuneError } from "@attune/contracts";
import type { LoadedModel } from "../model/load-model.ts";
import type { Queue } from "../model/queue.ts";
import type { Readiness } from "../model/readiness.ts";
import type { Metrics } from "../observe/metrics.ts";

/** A loaded model and the queue in front of it. */
export interface Service extends LoadedModel {
  readonly queue: Queue;
}

export interface RouteContext {
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  /** Whether the artifact folder has an items table: decides if `/v1/items` exists. */
  readonly hasItems: boolean;
  /**
   * The service.
   *
   * @throws {AttuneError} `SERVER_NOT_READY` until every step of readiness has passed.
   */
  service(): Service;
}

/** A service slot that is filled once, after the routes exist. */
export function createServiceSlot(readiness: Readiness): { get(): Service; set(service: Service): void } {
  let current: Service | undefined;
  return {
    get() {
      if (current === undefined) throw new AttuneError("SERVER_NOT_READY", { state: readiness.state });
      return current;
    },
    set(service) {
      current = service;
    },
  };
}

/** For a route that this artifact does not have. */
export function noSuchRoute(method: string, path: string): AttuneError {
  return new AttuneError("SERVER_NOT_FOUND", { method, path });
}
