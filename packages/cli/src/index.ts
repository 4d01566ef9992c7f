/** The steps of `attune` for programs. The commands are the program bin.ts; they are no part of this. Layer 5; Node. */

// An older Node is refused before anything else loads.
import "@attune/store/require-node";

export type { ProjectConfigInput } from "@attune/contracts/config";
export type { Verification, WebHalf } from "./pipeline/verify.ts";
export type { ProjectOptions } from "./program/project.ts";
export type { StepEvent } from "./program/quiet-io.ts";
export {
  type ExportArtifactOptions,
  type Exported,
  exportArtifact,
  prepare,
  type Trained,
  train,
  type VerifyOptions,
  verify,
  type Written,
} from "./program/steps.ts";
export type { ReleaseVerdict, UserComparison } from "./release/verdict.ts";
export type { LeaderboardRow } from "./terminal/leaderboard.ts";
