/** Arithmetic on the sizes of rewritten values. */
import { constantExpression, constantOf, type Expression } from "../graph/expression.ts";

/** The product of sizes, or `undefined` where no formula of the graph's gives it. */
export function productOf(dims: readonly Expression[]): Expression | undefined {
  let coefficient = 1;
  const symbols: string[] = [];
  for (const dim of dims) {
    if (dim.isInverse || (dim.symbols.length > 0 && dim.offset !== 0)) return undefined;
    coefficient *= constantOf(dim) ?? dim.coefficient;
    symbols.push(...dim.symbols);
  }
  if (symbols.length === 0 || coefficient === 0) return constantExpression(coefficient);
  return { coefficient, symbols: symbols.sort(), offset: 0, isInverse: false };
}
