/** How far rows spread, as normalizations compute it: columns, or what a Reshape makes a column of. */
import type { GraphValue } from "../graph/graph.ts";
import { behindReshape, centredRows, isColumnOf, isOverLastAxis } from "./last-axis.ts";
import { isNumber, producer, uniformNumber } from "./rewrite.ts";

/** Rows, and the number that is added to their variance. */
export interface Moments {
  readonly x: GraphValue;
  readonly epsilon: number;
}

export function isOf(moments: Moments | undefined, { x, epsilon }: Moments): boolean {
  return moments !== undefined && moments.x === x && moments.epsilon === epsilon;
}

/** The value is the variance of each row of x, plus ε, as a column. */
export function variedRows(value: GraphValue | undefined): Moments | undefined {
  return asColumn(value, spread(value));
}

/** √(variance + ε) as a column. */
export function deviatedRows(value: GraphValue | undefined): Moments | undefined {
  return asColumn(value, deviation(value));
}

/** 1 / √(variance + ε) as a column. */
export function invertedRows(value: GraphValue | undefined): Moments | undefined {
  const [one, divisor] = behindReshape(value, "Div")?.inputs ?? [];
  const isInverse = one !== undefined && isNumber(one) && uniformNumber(one) === 1;
  const inverted = isInverse ? divisor : behindReshape(value, "Reciprocal")?.inputs[0];
  return asColumn(value, deviation(inverted));
}

function asColumn(value: GraphValue | undefined, moments: Moments | undefined): Moments | undefined {
  return value !== undefined && moments !== undefined && isColumnOf(value, moments.x) ? moments : undefined;
}

function deviation(value: GraphValue | undefined): Moments | undefined {
  return spread(behindReshape(value, "Sqrt")?.inputs[0]);
}

function spread(value: GraphValue | undefined): Moments | undefined {
  const terms = behindReshape(value, "Add")?.inputs ?? [];
  for (const [at, term] of terms.entries()) {
    const epsilon = uniformNumber(terms[1 - at]);
    const mean = behindReshape(term, "ReduceMean");
    const x = mean && isOverLastAxis(mean) ? centredRows(rootOf(mean.inputs[0])) : undefined;
    if (x !== undefined && epsilon !== undefined && epsilon >= 0) return { x, epsilon };
  }
  return undefined;
}

/** c, where the value is c². */
function rootOf(value: GraphValue | undefined): GraphValue | undefined {
  const [a, b] = producer(value, "Mul")?.inputs ?? [];
  if (a !== undefined && a === b) return a;
  const [base, exponent] = producer(value, "Pow")?.inputs ?? [];
  return uniformNumber(exponent) === 2 ? base : undefined;
}
