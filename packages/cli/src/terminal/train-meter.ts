/** Training events to a share of the work done, and a note on what is being done. */
import type { TrainingEvent } from "@attune/train";

export interface Meter {
  readonly done: number;
  readonly total: number;
  readonly note: string;
}

/** The work: a fit and a judgement per trial, then one refit per model and two for release. */
export function createTrainMeter(): (event: TrainingEvent) => Meter {
  let total = 1;
  let done = 0;
  let note = "";
  let within = 0;
  const shares = new Map<string, number>();
  return (event) => {
    switch (event.type) {
      case "planned":
        for (const { kind, trials } of event.models) shares.set(kind, trials);
        total = event.models.reduce((sum, { trials }) => sum + trials + 1, 2);
        break;
      case "fitting": {
        within = event.done / (event.total + 1);
        const loss = event.loss === undefined ? "" : `, loss ${event.loss.toFixed(3)}`;
        note = `${event.kind} fit ${event.done}/${event.total}${loss}`;
        break;
      }
      case "judging":
        note = `${event.kind} judged on ${event.done} of ${event.total} (${event.split})`;
        break;
      case "trial":
        within = 0;
        done = Math.max(done, sumBefore(shares, event.kind) + event.trial);
        note = `${event.kind} ${event.trial}/${event.trials} ${event.metric} ${event.value.toFixed(4)}`;
        break;
      case "fitted":
        within = 0;
        done = Math.min(total, done + 1);
        note = `${event.kind} fitted${event.stage === "release" ? " for release" : ""}`;
        break;
      default:
        break;
    }
    return { done: Math.min(total, done + within), total, note };
  };
}

function sumBefore(shares: ReadonlyMap<string, number>, kind: string): number {
  let sum = 0;
  for (const [name, trials] of shares) {
    if (name === kind) break;
    sum += trials;
  }
  return sum;
}
