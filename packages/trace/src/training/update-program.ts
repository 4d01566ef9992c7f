/** An optimizer's update as straight-line arithmetic on elements: what can run in place, outside the graph. */

/** Arithmetic of an update; IEEE float32, each op rounded once. */
export type UpdateOp = "Add" | "Sub" | "Mul" | "Div" | "Max" | "Min" | "Sqrt" | "Abs" | "Neg";

/** A value of one element (or of the whole step): where an op takes its operands from. */
export type UpdateOperand =
  /** An element of the group's state tensor. */
  | { readonly kind: "state"; readonly index: number }
  /** An element of a tensor that the gradient graph gives. */
  | { readonly kind: "gradient"; readonly index: number }
  /** The result of an earlier op of the same list. */
  | { readonly kind: "op"; readonly index: number }
  /** A number that is the same for every element: an entry of `UpdateProgram.scalars`. */
  | { readonly kind: "scalar"; readonly index: number };

export interface UpdateStep {
  readonly op: UpdateOp;
  readonly operands: readonly UpdateOperand[];
}

/** State tensors of one shape that change together, element by element. */
export interface UpdateGroup {
  /** Elements of each tensor. */
  readonly size: number;
  /** The tensors are matrices that lie transposed in memory and enter the gradient graph so. */
  readonly isTransposed: boolean;
  /** Names of the state tensors, read and overwritten. */
  readonly states: readonly string[];
  /** Names of tensors that are read: outputs of the gradient graph, or of `UpdateProgram.tables`. */
  readonly gradients: readonly string[];
  readonly steps: readonly UpdateStep[];
  /** New value of each state, in the order of `states`. */
  readonly results: readonly UpdateOperand[];
}

/** A number of the step, computed before the elements. */
export type UpdateScalar =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "learningRate"; readonly factor: number; readonly offset: number }
  /** A state tensor of rank 0, as it was before the step. */
  | { readonly kind: "state"; readonly name: string }
  /** A rank-0 output of the gradient graph. */
  | { readonly kind: "output"; readonly name: string }
  /** Of earlier entries. */
  | { readonly kind: "op"; readonly op: UpdateOp; readonly operands: readonly number[] };

/** A gradient of which only some rows are not 0: those that a batch looked up. */
export interface UpdateTable {
  /** Its name among the groups' gradients. */
  readonly name: string;
  /** Output of the gradient graph that the rows are added to; `undefined` = zeros. */
  readonly dense: string | undefined;
  /** Elements of one row. */
  readonly width: number;
  /** Names of the gradient graph's outputs: `places` are row numbers, and row r of `rows` goes to `repeat` of them. */
  readonly scattered: readonly {
    readonly places: string;
    readonly rows: string;
    readonly repeat: number;
  }[];
}

export interface UpdateProgram {
  readonly tables: readonly UpdateTable[];
  readonly scalars: readonly UpdateScalar[];
  readonly groups: readonly UpdateGroup[];
  /** New values of rank-0 states: entries of `scalars`. */
  readonly scalarResults: readonly { readonly name: string; readonly scalar: number }[];
}

/** One op on numbers, rounded to float32 as the elements are. */
export function applyUpdateOp(op: UpdateOp, a: number, b = 0): number {
  switch (op) {
    case "Add":
      return Math.fround(a + b);
    case "Sub":
      return Math.fround(a - b);
    case "Mul":
      return Math.fround(a * b);
    case "Div":
      return Math.fround(a / b);
    case "Max":
      return Math.max(a, b);
    case "Min":
      return Math.min(a, b);
    case "Sqrt":
      return Math.fround(Math.sqrt(a));
    case "Abs":
      return Math.abs(a);
    case "Neg":
      return -a;
  }
}

/**
 * The scalars of one step.
 *
 * @param read - a rank-0 state or output by name.
 */
export function computeUpdateScalars(
  { scalars }: UpdateProgram,
  learningRate: number,
  read: (name: string) => number,
): Float32Array {
  const values = new Float32Array(scalars.length);
  for (const [index, scalar] of scalars.entries()) {
    switch (scalar.kind) {
      case "constant":
        values[index] = scalar.value;
        break;
      case "learningRate":
        values[index] = learningRate * scalar.factor + scalar.offset;
        break;
      case "state":
      case "output":
        values[index] = read(scalar.name);
        break;
      case "op": {
        const [a = 0, b = 0] = scalar.operands;
        values[index] = applyUpdateOp(scalar.op, values[a] ?? Number.NaN, values[b]);
      }
    }
  }
  return values;
}
