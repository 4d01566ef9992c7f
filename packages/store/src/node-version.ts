/** The oldest Node of what prepares, trains, exports and serves. */
import { AttuneError } from "@attune/contracts";

/** As the `engines` of those packages say. */
const needed = "22.12";

/**
 * @param found - `process.version`, `"v22.12.0"`.
 * @throws {AttuneError} `NODE_VERSION` when it is older than what is needed.
 */
export function assertNode(found: string): void {
  const [major = 0, minor = 0] = found.replace(/^v/, "").split(".").map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split(".").map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return;
  throw new AttuneError("NODE_VERSION", { needed, found });
}
