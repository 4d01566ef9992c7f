/** What a configuration lets in that may not be meant. */
import type { AccessOptions } from "./access.ts";
import type { KeyGroup } from "./key-group.ts";
import { isLoopback } from "./names.ts";

export interface Exposure extends AccessOptions {
  readonly host?: string | undefined;
  readonly adminHost?: string | undefined;
  readonly adminPort?: number | "off" | undefined;
}

/** One sentence each, with what to do; for the log at start. */
export function listWarnings(exposure: Exposure): readonly string[] {
  const { host = "127.0.0.1", adminHost = "127.0.0.1", adminPort, keys = [], allowOrigin = [] } = exposure;
  const hasKey = (group: KeyGroup) => keys.some(({ groups }) => groups.includes(group));
  const warnings: string[] = [];
  if (!isLoopback(host) && !hasKey("inference")) {
    warnings.push(
      `everybody who reaches ${host} may ask the models: give keys of the group inference (--keys), or keep the address behind a proxy that asks for them`,
    );
  }
  if (adminPort !== "off" && !isLoopback(adminHost)) {
    if (!hasKey("admin")) {
      warnings.push(
        `the admin port listens on ${adminHost} without a key of the group admin: versions can be loaded from this machine only; give one (--keys), or leave --admin-host out`,
      );
    }
    if (!hasKey("metrics")) {
      warnings.push(
        `everybody who reaches ${adminHost} may read the metrics: give a key of the group metrics (--keys), or leave --admin-host out`,
      );
    }
  }
  if (allowOrigin.includes("*") && keys.length > 0) {
    warnings.push(
      "pages of every origin may use keys here (--allow-origin *): a key that a page sends is a key that everybody can read; name the origins that are meant",
    );
  }
  return warnings;
}
