/** Which methods a path takes: what 405 tells, for the framework's routes and for methods that it does not know. */
import { AttuneError } from "@attune/contracts";

export interface RouteTable {
  /** @param pattern - of the framework: `/v2/models/:model/infer`, `/docs/*`. */
  add(method: string | readonly string[], pattern: string): void;
  /** @returns the methods of all patterns that the path fits; none when there is no such path. */
  methodsOf(path: string): readonly string[];
  /** `SERVER_METHOD` where the path takes other methods only, `SERVER_NOT_FOUND` otherwise. */
  failureOf(method: string, path: string): AttuneError<"SERVER_METHOD" | "SERVER_NOT_FOUND">;
}

/** Those worth naming. */
const named = ["GET", "POST", "PUT", "PATCH", "DELETE"];

export function createRouteTable(): RouteTable {
  const exact = new Map<string, Set<string>>();
  const patterns = new Map<string, { readonly matches: RegExp; readonly methods: Set<string> }>();

  function methodsAt(pattern: string): Set<string> {
    const isPattern = /[:*]/.test(pattern);
    const known = isPattern ? patterns.get(pattern)?.methods : exact.get(pattern);
    if (known !== undefined) return known;
    const methods = new Set<string>();
    if (isPattern) patterns.set(pattern, { matches: expressionOf(pattern), methods });
    else exact.set(pattern, methods);
    return methods;
  }

  function methodsOf(path: string): readonly string[] {
    const found = new Set(exact.get(path));
    for (const { matches, methods } of patterns.values()) {
      if (matches.test(path)) for (const method of methods) found.add(method);
    }
    return named.filter((method) => found.has(method));
  }

  return {
    add(method, pattern) {
      for (const one of [method].flat()) methodsAt(pattern).add(one);
    },
    methodsOf,
    failureOf(method, path) {
      const allowed = methodsOf(path);
      // A path that takes it and is not found all the same: a file that a folder does not have.
      return allowed.length === 0 || allowed.includes(method === "HEAD" ? "GET" : method)
        ? new AttuneError("SERVER_NOT_FOUND", { method, path })
        : new AttuneError("SERVER_METHOD", { method, path, allowed });
    },
  };
}

/** Each `:name` is one segment, and a `*` is the rest. Linear in the path: no two quantifiers meet. */
function expressionOf(pattern: string): RegExp {
  const segments = pattern
    .split("/")
    .map((segment) =>
      segment.startsWith(":") ? "[^/]+" : segment === "*" ? ".*" : segment.replace(/[^\w-]/g, "\\$&"),
    );
  return new RegExp(`^${segments.join("/")}$`, "s");
}
