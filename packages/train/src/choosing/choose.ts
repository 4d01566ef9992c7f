/** Which model is released: from simple to complex, each must clearly beat the one that holds the place. */
import type { Challenge, Estimate } from "@attune/contracts/manifest";
import { type BootstrapOptions, compareUnits } from "@attune/metrics";
import type { Evaluation, Metric } from "../task.ts";

/** A trainer's best setting on the choosing units. */
export interface Contender {
  readonly kind: string;
  readonly title: string;
  readonly evaluation: Evaluation;
}

export interface Choice {
  readonly kind: string;
  readonly challenges: readonly Challenge[];
  /** A few sentences for the report. */
  readonly reason: string;
}

/** The chance that any challenger takes the place though none is better; one-sided. */
const familyError = 0.025;

/**
 * The simplest model holds the place first. Each more complex one takes it only if it clearly beats the holder: by a
 * one-sided paired test that flips signs, and by a bootstrap interval that excludes zero. So a released model clearly beats what it replaced, down to the simplest, and an unclear
 * step in between does not stop a better model behind it.
 *
 * Levels are corrected for the number of challengers by Holm's step-down, taken in the order of the walk: with
 * m challengers, w of which have won so far, the next is tested at .025 / (m − w), one-sided.
 *
 * @param contenders - simplest first, at least one, judged on the same units.
 * @see Holm 1979, "A simple sequentially rejective multiple test procedure".
 */
export function chooseModel(
  contenders: readonly Contender[],
  metric: Metric,
  options: BootstrapOptions,
): Choice {
  const [simplest, ...challengers] = contenders as [Contender, ...Contender[]];
  const challenges: Challenge[] = [];
  const steps: string[] = [];
  let holder = simplest;
  let wins = 0;
  for (const challenger of challengers) {
    const left = challengers.length - wins;
    const level = 1 - (2 * familyError) / left;
    // Enough resamples for a p-value that small to be possible.
    const samples = Math.max(options.samples ?? 1000, Math.ceil((2 * left) / familyError));
    const resampling = { ...options, samples, level };
    const { lead, p } = compareUnits(gains(challenger, metric), gains(holder, metric), resampling);
    const adjustedP = Math.min(1, p * left);
    const won = adjustedP <= familyError && (lead.interval?.lower ?? 0) > 0;
    challenges.push({
      challenger: challenger.kind,
      holder: holder.kind,
      lead,
      adjustedP,
      won,
    });
    steps.push(
      `${challenger.title} ${won ? "beats" : "does not clearly beat"} ${holder.title} (${describe(lead)})`,
    );
    if (won) {
      wins += 1;
      holder = challenger;
    }
  }
  if (challengers.length === 0) {
    return { kind: simplest.kind, challenges, reason: `${simplest.title} is the only model.` };
  }
  const values = holder.evaluation.perUnit[metric.name]!;
  const units = values.length.toLocaleString("en");
  const value = (values.reduce((sum, one) => sum + one, 0) / values.length).toFixed(4);
  return {
    kind: holder.kind,
    challenges,
    reason: `${holder.title} is released, ${metric.name} ${value} on ${units} validation units. From simple to complex: ${steps.join("; ")}.`,
  };
}

/** Per unit, higher is better. */
function gains({ evaluation }: Contender, { name, better }: Metric): Float64Array {
  const values = evaluation.perUnit[name]!;
  return better === "higher" ? values : values.map((value) => -value);
}

function describe({ value, interval }: Estimate): string {
  if (interval === undefined) return `lead ${value.toFixed(4)} on a single unit, which tells nothing`;
  const { level, lower, upper } = interval;
  return `lead ${value.toFixed(4)}, ${+(100 * level).toFixed(2)} % interval ${lower.toFixed(4)} to ${upper.toFixed(4)}`;
}
