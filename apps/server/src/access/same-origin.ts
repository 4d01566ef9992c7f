/** Keeps pages of other origins, and names that somebody made to point here, from asking in a visitor's browser. */
import { isIP } from "node:net";
import { AttuneError } from "@attune/contracts";
import type { onRequestHookHandler } from "fastify";
import { hostNameOf, isLoopback, isOwnOrigin } from "./names.ts";

/** Verbs that change something, or make the server work. */
const mutatingVerbs: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

export function isMutating(method: string | readonly string[]): boolean {
  return [method].flat().some((verb) => mutatingVerbs.has(verb));
}

/**
 * Refuses what a page of another origin asks. Programs that are no browsers send no `origin` and pass.
 *
 * @throws {AttuneError} `SERVER_ORIGIN`.
 */
export function originCheck(allowOrigin: readonly string[], scope: "public" | "admin"): onRequestHookHandler {
  const allowed = new Set(allowOrigin);
  return ({ method, headers: { origin, host } }, _, done) => {
    if (
      origin === undefined ||
      !isMutating(method) ||
      allowed.has("*") ||
      allowed.has(origin) ||
      isOwnOrigin(origin, host)
    ) {
      return done();
    }
    done(new AttuneError("SERVER_ORIGIN", { origin: printable(origin), advice: advice[scope] }));
  };
}

const advice = {
  public:
    "start the server with --allow-origin and that origin; a proxy in front must hand on the host header",
  admin: "",
} as const;

/**
 * Refuses what was asked under a name that is not the server's: a page of `evil.example`, whose name was made to point at
 * this machine after it was loaded, is of the same origin to a browser. An address as the host is no such name.
 *
 * @param ownNames - besides those of this machine for itself.
 * @throws {AttuneError} `SERVER_HOST`.
 */
export function hostCheck(ownNames: readonly string[]): onRequestHookHandler {
  const names = new Set(ownNames.map((name) => name.toLowerCase()));
  return ({ method, headers: { host } }, _, done) => {
    if (!isMutating(method)) return done();
    const name = hostNameOf(host);
    if (name !== undefined && (isIP(name) !== 0 || isLoopback(name) || names.has(name))) return done();
    done(new AttuneError("SERVER_HOST", { host: printable(host ?? "") || "a request without a host" }));
  };
}

/** What a caller sent, to be shown to it. */
function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, "?").slice(0, 100);
}
