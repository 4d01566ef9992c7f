/** Learning rates that change with the step. The rate is an input of the compiled step, so nothing is compiled anew. */

/** One kind of schedule; `base` is the optimizer's own rate and steps count from 0. */
interface ScheduleKinds {
  /** base */
  readonly constant: object;
  /** base · factor^⌊step / every⌋ */
  readonly step: { readonly every: number; readonly factor: number };
  /** base · factor^(step / every) */
  readonly exponential: { readonly every: number; readonly factor: number };
  /** From base down to `floor` (default 0) over `steps`, along half a cosine. @see Loshchilov & Hutter 2017 (SGDR) */
  readonly cosine: { readonly steps: number; readonly floor?: number };
  /** Straight up to base over `steps`, then as `after` says (default constant), whose steps count from there. */
  readonly warmup: { readonly steps: number; readonly after?: Schedule };
}

type ScheduleKind = keyof ScheduleKinds;
type PlainSchedule = { [Kind in ScheduleKind]: { readonly kind: Kind } & ScheduleKinds[Kind] }[ScheduleKind];

/** Plain data, or a function of the step (from 0) and the optimizer's rate. */
export type Schedule = PlainSchedule | ((step: number, base: number) => number);

const rates: {
  readonly [Kind in ScheduleKind]: (schedule: ScheduleKinds[Kind], step: number, base: number) => number;
} = {
  constant: (_schedule, _step, base) => base,
  step: ({ every, factor }, step, base) => base * factor ** Math.floor(step / every),
  exponential: ({ every, factor }, step, base) => base * factor ** (step / every),
  cosine({ steps, floor = 0 }, step, base) {
    const done = Math.min(1, step / steps);
    return floor + (base - floor) * 0.5 * (1 + Math.cos(Math.PI * done));
  },
  warmup({ steps, after = { kind: "constant" } }, step, base) {
    return step < steps ? (base * (step + 1)) / steps : learningRateAt(after, step - steps, base);
  },
};

/** @param step - steps taken before this one. */
export function learningRateAt(schedule: Schedule, step: number, base: number): number {
  if (typeof schedule === "function") return schedule(step, base);
  // Sound because a kind's function takes the fields of that kind.
  const rate = rates[schedule.kind] as (schedule: PlainSchedule, step: number, base: number) => number;
  return rate(schedule, step, base);
}

/** @returns what is wrong with it. */
export function checkSchedule(schedule: Schedule): string[] {
  if (typeof schedule === "function") return [];
  if (!(schedule.kind in rates)) {
    return [
      `schedule.kind is ${schedule.kind}; there are ${Object.keys(rates).join(", ")}, or a function of the step`,
    ];
  }
  const fields = Object.entries(schedule).filter(([name]) => ["every", "factor", "steps"].includes(name));
  const issues = fields
    .filter(([, value]) => !(typeof value === "number" && value > 0))
    .map(([name, value]) => `schedule.${name} is ${value}, expected a number above 0`);
  return schedule.kind === "warmup" && schedule.after
    ? [...issues, ...checkSchedule(schedule.after)]
    : issues;
}
