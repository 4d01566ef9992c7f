/** A number that hangs on symbols: `2·batch + 1`, `1 / batch`, `0.5·learningRate`. */

export interface Expression {
  /** `coefficient · (product of symbols) + offset`, or `coefficient / (product of symbols)` when inverse. */
  readonly coefficient: number;
  /** Sorted; empty = the number is `offset`. */
  readonly symbols: readonly string[];
  readonly offset: number;
  readonly isInverse: boolean;
}

/** What each symbol stood for in each trace: `sizes[trace][symbol]`. */
export type Sizes = readonly Readonly<Record<string, number>>[];

export function constantExpression(value: number): Expression {
  return { coefficient: 0, symbols: [], offset: value, isInverse: false };
}

/** The number, where it hangs on no symbol. */
export function constantOf(expression: Expression): number | undefined {
  return expression.symbols.length === 0 ? expression.offset : undefined;
}

/** Whether it is a size that follows no formula, such as ⌈length / 2⌉, which the engine alone will know. */
export function isUnknown({ symbols }: Expression): boolean {
  return symbols.some((symbol) => symbol.startsWith("?"));
}

/** A size that follows no formula; `place` tells it from others. */
export function unknownExpression(place: string): Expression {
  return { coefficient: 1, symbols: [`?${place}`], offset: 0, isInverse: false };
}

/** A key that is equal for equal expressions. */
export function expressionKey({ coefficient, symbols, offset, isInverse }: Expression): string {
  return `${coefficient}${isInverse ? "/" : "*"}${symbols.join("*")}+${offset}`;
}

/** The symbol, where the expression is just that. */
export function symbolOf(expression: Expression): string | undefined {
  const { coefficient, symbols, offset, isInverse } = expression;
  return coefficient === 1 && symbols.length === 1 && offset === 0 && !isInverse ? symbols[0] : undefined;
}

/**
 * The expression that gives these numbers, one per trace, or `undefined`. Simple forms win: a constant, a multiple of
 * one symbol, of a product, an inverse, and last a multiple with an offset.
 *
 * @param isWhole - the numbers are whole, and so coefficient and offset must be; else equality is to float32 rounding.
 */
export function solveExpression(
  values: readonly number[],
  sizes: Sizes,
  isWhole: boolean,
): Expression | undefined {
  const [first = 0] = values;
  if (values.every((value) => Object.is(value, first))) return constantExpression(first);
  const products = listProducts(Object.keys(sizes[0] ?? {}));
  const attempts = [solveMultiple, ...(isWhole ? [] : [solveInverse]), solveAffine];
  for (const attempt of attempts) {
    for (const symbols of products) {
      const product = sizes.map((size) => symbols.reduce((total, symbol) => total * (size[symbol] ?? 0), 1));
      const found = attempt(values, product, isWhole);
      if (found !== undefined) return { ...found, symbols };
    }
  }
  return undefined;
}

type Form = Omit<Expression, "symbols">;

function solveMultiple(
  values: readonly number[],
  product: readonly number[],
  isWhole: boolean,
): Form | undefined {
  const coefficient = divide(values, product, isWhole);
  const matches = values.every((value, at) => isClose(value, coefficient * (product[at] ?? 0), isWhole));
  return matches ? { coefficient, offset: 0, isInverse: false } : undefined;
}

function solveInverse(values: readonly number[], product: readonly number[]): Form | undefined {
  const coefficient = tidy((values[0] ?? 0) * (product[0] ?? 0));
  const matches = values.every((value, at) => isClose(value, coefficient / (product[at] ?? 1), false));
  return matches ? { coefficient, offset: 0, isInverse: true } : undefined;
}

function solveAffine(
  values: readonly number[],
  product: readonly number[],
  isWhole: boolean,
): Form | undefined {
  const [x0 = 0, x1 = 0] = values;
  const [p0 = 0, p1 = 0] = product;
  const coefficient = (x1 - x0) / (p1 - p0);
  const offset = x0 - coefficient * p0;
  // A slope and an offset fit any two numbers: only round ones are believed.
  if (!Number.isInteger(coefficient) || !Number.isInteger(offset)) return undefined;
  const matches = values.every((value, at) =>
    isClose(value, coefficient * (product[at] ?? 0) + offset, isWhole),
  );
  return matches ? { coefficient, offset, isInverse: false } : undefined;
}

function divide(values: readonly number[], product: readonly number[], isWhole: boolean): number {
  const ratio = (values[0] ?? 0) / (product[0] ?? 1);
  return isWhole ? ratio : tidy(ratio);
}

/** Undoes float32 rounding of a round number: 0.30000001 → 0.3. */
function tidy(value: number): number {
  const short = Number(value.toPrecision(6));
  return isClose(value, short, false) ? short : value;
}

function isClose(a: number, b: number, isWhole: boolean): boolean {
  if (isWhole) return a === b && Number.isInteger(b);
  return Math.abs(a - b) <= 4e-7 * Math.max(Math.abs(a), Math.abs(b));
}

/** Each symbol, then each product of two, then of three; a symbol may be there twice, as in n rows by n columns. */
function listProducts(symbols: readonly string[]): string[][] {
  const sorted = [...symbols].sort();
  const longer = (products: readonly string[][]) =>
    products.flatMap((product) =>
      sorted.filter((symbol) => symbol >= (product.at(-1) ?? "")).map((symbol) => [...product, symbol]),
    );
  const single = longer([[]]);
  const pairs = longer(single);
  return [...single, ...pairs, ...longer(pairs)];
}
