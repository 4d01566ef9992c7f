/** How large a system EASE solves, and when that is too large. */
import { AttuneError } from "@attune/contracts";
import type { RecommendShape } from "@attune/train";

/** One float64 square matrix of the smaller side may take this much: 11,585 users or items. */
export const matrixLimitBytes = 2 ** 30;

/** Users × users is the smaller system. */
export function isDual(userCount: number, itemCount: number): boolean {
  return userCount < itemCount;
}

/** Why the system does not fit into memory; nothing when it does. */
export function checkEase({ userCount, itemCount }: RecommendShape): readonly string[] {
  const { side, what, bytes } = measureSystem(userCount, itemCount);
  if (bytes <= matrixLimitBytes) return [];
  return [
    `the ${what} × ${what} matrix (${side} × ${side}) needs ${Math.ceil(bytes / 1e6)} MB, the limit is ${Math.floor(matrixLimitBytes / 1e6)} MB; raise data.rules.minItemEvents or minUserEvents`,
  ];
}

/** @throws {AttuneError} `TRAIN_TOO_LARGE` */
export function refuseLargeEase(userCount: number, itemCount: number, limitBytes: number): void {
  const { side, what, bytes } = measureSystem(userCount, itemCount);
  if (bytes <= limitBytes) return;
  throw new AttuneError("TRAIN_TOO_LARGE", {
    kind: "ease",
    what: `the ${what} × ${what} matrix (${side} × ${side})`,
    bytes,
    limitBytes,
    hint: "raise data.rules.minItemEvents or minUserEvents, or leave ease out of train.models",
  });
}

function measureSystem(userCount: number, itemCount: number) {
  const side = Math.min(userCount, itemCount);
  return { side, what: isDual(userCount, itemCount) ? "users" : "items", bytes: side * side * 8 };
}
