/** Who may ask what: keys, rates, pages of other origins. What is not set up costs nothing. */
import { performance } from "node:perf_hooks";
import { AttuneError } from "@attune/contracts";
import type { FastifyInstance, onRequestHookHandler, RouteOptions } from "fastify";
import { type AccessKey, findKey } from "./access-key.ts";
import { allowOrigins } from "./cross-origin.ts";
import type { KeyGroup } from "./key-group.ts";
import { isLoopback } from "./names.ts";
import { createRateLimits, type RateLimits } from "./rate-limits.ts";
import { hostCheck, isMutating, originCheck } from "./same-origin.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The key it was sent with, where its route looks for one. */
    accessKey: AccessKey | undefined;
  }
}

export interface AccessOptions {
  /** A group without any key is open to everybody; admin then to callers on this machine only. */
  readonly keys?: readonly AccessKey[] | undefined;
  /** Origins whose pages may load the public files and ask the models, or `*` for all. Default: none but the server's own. */
  readonly allowOrigin?: readonly string[] | undefined;
  /** Names under which the admin port may be asked, besides those of this machine for itself. */
  readonly allowHost?: readonly string[] | undefined;
  /** Requests a second, on average, for each address that sends no known key. Default: no limit. */
  readonly ratePerAddress?: number | undefined;
}

export interface Access {
  readonly keys: readonly AccessKey[];
  readonly allowOrigin: readonly string[];
  readonly allowHost: readonly string[];
  /** Absent where nothing is limited. */
  readonly rates: RateLimits | undefined;
  /** Told of every request over its rate. */
  readonly onLimited: () => void;
}

export interface AccessSurroundings {
  /** Told of every request over its rate. */
  readonly onLimited?: () => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

export type AccessScope = "public" | "admin";

/** One for both ports: rates are counted together. */
export function createAccess(options: AccessOptions, surroundings: AccessSurroundings = {}): Access {
  const { keys = [], allowOrigin = [], allowHost = [], ratePerAddress } = options;
  const { onLimited = () => {}, now = () => performance.now() } = surroundings;
  const perAddress =
    ratePerAddress === undefined
      ? undefined
      : { perSecond: ratePerAddress, burst: Math.max(1, Math.ceil(ratePerAddress)) };
  return {
    keys,
    allowOrigin,
    allowHost,
    rates: createRateLimits({ keys, perAddress, now }),
    onLimited,
  };
}

/**
 * Adds what is set up to the routes that are added afterwards; each states its group as `config: { group }`.
 *
 * Answers 401 without a key that is known, 403 with one of another group, 429 with `retry-after` over a rate, 403 to pages
 * of other origins and under foreign names.
 */
export async function addAccess(app: FastifyInstance, access: Access, scope: AccessScope): Promise<void> {
  const { keys, allowOrigin, allowHost, rates } = access;
  app.decorateRequest("accessKey", undefined);
  if (scope === "public") await allowOrigins(app, allowOrigin);
  const checkOrigin = originCheck(scope === "public" ? allowOrigin : [], scope);
  const checkHost = scope === "admin" ? hostCheck(allowHost) : undefined;

  app.addHook("onRoute", (route) => {
    const group = route.config?.group;
    const checks: onRequestHookHandler[] = [];
    if (isMutating(route.method)) checks.push(...(checkHost === undefined ? [] : [checkHost]), checkOrigin);
    if (group !== undefined) {
      const isClosed = keys.some(({ groups }) => groups.includes(group));
      if (isClosed || rates !== undefined) checks.push(keyCheck(access, group, isClosed));
      if (group === "admin" && !isClosed) checks.push(localCheck);
    }
    prepend(route, checks);
  });
}

function keyCheck(
  { keys, rates, onLimited }: Access,
  group: KeyGroup,
  isClosed: boolean,
): onRequestHookHandler {
  return (request, reply, done) => {
    const key = findKey(keys, request.headers);
    request.accessKey = key;
    const waitMs = rates?.waitMs(key, request.socket.remoteAddress) ?? 0;
    if (waitMs > 0) {
      onLimited();
      const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
      reply.header("retry-after", String(retryAfterSeconds));
      return done(new AttuneError("SERVER_RATE", { retryAfterSeconds }));
    }
    if (!isClosed || key?.groups.includes(group)) return done();
    if (key !== undefined) return done(new AttuneError("SERVER_FORBIDDEN", { group }));
    reply.header("www-authenticate", "Bearer");
    done(new AttuneError("SERVER_UNAUTHORIZED", { group }));
  };
}

const localCheck: onRequestHookHandler = ({ socket }, _, done) => {
  const isLocal = isLoopback(socket.remoteAddress ?? "");
  done(isLocal ? undefined : new AttuneError("SERVER_ADMIN_LOCAL", {}));
};

/** Before what a route does itself. */
function prepend(route: RouteOptions, checks: readonly onRequestHookHandler[]): void {
  if (checks.length === 0) return;
  const own = route.onRequest === undefined ? [] : [route.onRequest].flat();
  route.onRequest = [...checks, ...own];
}
