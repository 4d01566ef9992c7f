/** Whether a training may take the place of the version before it, from what both have measured. */
import type { ArtifactManifest, Estimate, TrainingManifest } from "@attune/contracts/manifest";
import { canonicalJson } from "@attune/store";
import { formatEstimate } from "../terminal/estimate.ts";

/** Both measured models on the same users, whose targets neither was fitted on. */
export interface UserComparison {
  /** The deciding metric, `"ndcg@10"`. */
  readonly metric: string;
  readonly users: number;
  /** Means over the users. */
  readonly previous: number;
  readonly next: number;
  /** Next minus previous, paired, with its 99 % interval. */
  readonly difference: Estimate;
}

export interface ReleaseVerdict {
  /**
   * `first`: there is nothing to compare with. `same`: the newest version comes from this very training. `sound`: no
   * worse than before, as far as can be told. `baseline`: no model beat the baseline, and none did before. `fell-back`:
   * the version before had one that did. `worse`: clearly worse than the version before.
   */
  readonly kind: "first" | "same" | "sound" | "baseline" | "fell-back" | "worse";
  /** One sentence for people. */
  readonly reason: string;
  /** The version compared with. */
  readonly previous?: number;
  readonly comparison?: UserComparison;
}

/** Share of the metric that a version may lose to the one before: less is nothing to wake anybody for. */
const toleratedLoss = 0.02;

/** Verdicts that a release pipeline should stop at. */
export function isStepBack({ kind }: ReleaseVerdict): boolean {
  return kind === "fell-back" || kind === "worse";
}

export interface VerdictInput {
  readonly training: Pick<TrainingManifest, "key" | "chosen" | "baseline" | "metric" | "better" | "models">;
  /** True when the config asks for the baseline alone. */
  readonly wantsBaseline: boolean;
  /** The newest version, as far as it can be read. */
  readonly previous: ArtifactManifest | undefined;
  readonly next: Pick<ArtifactManifest["data"], "sourceSha256" | "split">;
  /** Left out where no users can be judged on; a text says why. */
  readonly comparison: UserComparison | string;
}

export function judgeRelease(input: VerdictInput): ReleaseVerdict {
  const { training, wantsBaseline, previous, comparison } = input;
  const { chosen, baseline } = training;
  const isBaseline = chosen === baseline && !wantsBaseline;
  const before = previous === undefined ? {} : { previous: previous.version };
  const told = typeof comparison === "string" ? {} : { comparison };
  if (isBaseline && previous !== undefined && previous.model.kind !== baseline) {
    const reason = `no model beat ${baseline} on this data, while version ${previous.version} is ${previous.model.kind}: the data may be damaged, shuffled or too little`;
    return { kind: "fell-back", reason, ...before, ...told };
  }
  const worse = describeWorse(input);
  if (worse !== undefined) return { kind: "worse", reason: worse, ...before, ...told };
  if (isBaseline) {
    const reason = `no model beat ${baseline} on this data, so everyone gets the same list; more events or more people may change that`;
    return { kind: "baseline", reason, ...before };
  }
  if (previous === undefined)
    return { kind: "first", reason: "the first version: there is none to compare with" };
  if (previous.trainingKey === training.key) {
    return { kind: "same", reason: `version ${previous.version} comes from this training`, ...before };
  }
  return { kind: "sound", reason: describeSound(previous, comparison), ...before, ...told };
}

/** @returns what is clearly worse than the version before; undefined when nothing is. */
function describeWorse({ training, previous, next, comparison }: VerdictInput): string | undefined {
  if (previous === undefined || previous.trainingKey === training.key) return undefined;
  if (typeof comparison !== "string") {
    const { metric, users, difference } = comparison;
    const tolerated = -toleratedLoss * comparison.previous;
    if (difference.interval === undefined || difference.interval.upper >= tolerated) return undefined;
    return `${metric} is clearly lower than that of version ${previous.version} on ${users} people, on events that neither was fitted on: ${describeDifference(comparison)}`;
  }
  return describeWorseOnTest(training, previous, next);
}

/** Of the same file and split the test is the same: the intervals measured on it are compared. */
function describeWorseOnTest(
  { metric, better, models, chosen }: VerdictInput["training"],
  previous: ArtifactManifest,
  next: VerdictInput["next"],
): string | undefined {
  const isSameTest =
    previous.data.sourceSha256 === next.sourceSha256 &&
    canonicalJson(previous.data.split) === canonicalJson(next.split);
  const was = previous.leaderboard.find((row) => row.chosen)?.metrics[metric];
  const is = models.find(({ kind }) => kind === chosen)?.test[metric];
  if (!isSameTest || was?.interval === undefined || is?.interval === undefined) return undefined;
  const isApart =
    better === "higher" ? is.interval.upper < was.interval.lower : is.interval.lower > was.interval.upper;
  if (!isApart) return undefined;
  return `${metric} on the same test is ${formatEstimate(is)}, version ${previous.version} had ${formatEstimate(was)}`;
}

function describeSound(previous: ArtifactManifest, comparison: UserComparison | string): string {
  if (typeof comparison === "string") {
    return `not compared with version ${previous.version} user by user: ${comparison}`;
  }
  return `no worse than version ${previous.version} on ${comparison.users} users: ${describeDifference(comparison)}`;
}

function describeDifference({ metric, previous, next, difference }: UserComparison): string {
  const signed = formatEstimate(difference, (value) => `${value >= 0 ? "+" : ""}${value.toFixed(4)}`);
  return `${metric} ${next.toFixed(4)} against ${previous.toFixed(4)}, ${signed}`;
}
