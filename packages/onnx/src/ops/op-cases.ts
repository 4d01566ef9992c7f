/**
 * One case or several per entry of the op list, as data: the tests run each in ONNX Runtime, in every dtype the entry allows.
 * A key is the op, or `op@until` for an older form.
 */
import { controlCases } from "./cases/control.ts";
import { neuralCases } from "./cases/neural.ts";
import { type CaseInput, each, fed, fixed, makeTensor, type OpCase } from "./cases/op-case.ts";
import { randomCases } from "./cases/random.ts";

const six = fed([2, 3], [1, 2, 3, 4, 5, 6]);
const row = fed([3], [1, 2, 4]);
const truths = fed([2, 3], [1, 0, 1, 0, 0, 1], "bool");

const arithmetic: Record<string, OpCase> = {
  Add: { inputs: [six, row], expected: [2, 4, 7, 5, 7, 10] },
  Sub: { inputs: [six, row], expected: [0, 0, -1, 3, 3, 2] },
  Mul: { inputs: [six, row], expected: [1, 4, 12, 4, 10, 24] },
  Div: { inputs: [six, row], expected: [1, 1, 0.75, 4, 2.5, 1.5] },
  Mod: { inputs: [six, row], attributes: () => ({ fmod: 1 }), expected: [0, 0, 3, 0, 1, 2] },
  Pow: { inputs: [six, fed([3], [1, 2, 0], "T1")], expected: [1, 4, 1, 4, 25, 1] },
  Neg: { inputs: [six], expected: [-1, -2, -3, -4, -5, -6] },
  Sqrt: { inputs: [fed([2], [4, 9])], expected: [2, 3] },
  Min: { inputs: [six, row, row], expected: [1, 2, 3, 1, 2, 4] },
  Max: { inputs: [six, row, row], expected: [1, 2, 4, 4, 5, 6] },
  Clip: { inputs: [six, fixed([2], "T", []), fixed([4], "T", [])], expected: [2, 2, 3, 4, 4, 4] },
  ...each(["Abs", "Sign", "Exp", "Log", "Reciprocal", "Floor", "Ceil", "Round", "Sin", "Cos", "Erf"], {
    inputs: [six],
  }),
  ...each(["Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh"], {
    inputs: [fed([3], [0.5, 0.25, 0])],
  }),
  ...each(["Sum", "Mean"], { inputs: [six, row, row] }),
};

const activations: Record<string, OpCase> = {
  ...each(["Tanh", "Sigmoid", "LeakyRelu", "Elu", "Selu", "Celu", "HardSigmoid", "Softplus"], {
    inputs: [six],
  }),
  HardSwish: { inputs: [fed([3], [-3, 0, 3])], expected: [0, 0, 3] },
  ...each(["Softsign", "ThresholdedRelu", "Mish", "Gelu", "Softmax", "LogSoftmax"], { inputs: [six] }),
  Relu: { inputs: [fed([3], [-1, 0, 2])], expected: [0, 0, 2] },
  PRelu: { inputs: [fed([3], [-1, 0, 2]), row], expected: [-1, 0, 2] },
};

const logic: Record<string, OpCase> = {
  Equal: { inputs: [six, row], expected: [1, 1, 0, 0, 0, 0] },
  Greater: { inputs: [six, row], expected: [0, 0, 0, 1, 1, 1] },
  GreaterOrEqual: { inputs: [six, row], expected: [1, 1, 0, 1, 1, 1] },
  Less: { inputs: [six, row], expected: [0, 0, 1, 0, 0, 0] },
  LessOrEqual: { inputs: [six, row], expected: [1, 1, 1, 0, 0, 0] },
  And: { inputs: [truths, fed([3], [1, 1, 0], "bool")], expected: [1, 0, 0, 0, 0, 0] },
  Or: { inputs: [truths, fed([3], [1, 1, 0], "bool")], expected: [1, 1, 1, 1, 1, 1] },
  Xor: { inputs: [truths, fed([3], [1, 1, 0], "bool")], expected: [0, 1, 1, 1, 1, 1] },
  Not: { inputs: [truths], expected: [0, 1, 0, 1, 1, 0] },
  BitwiseAnd: { inputs: [six, row], expected: [1, 2, 0, 0, 0, 4] },
  BitwiseOr: { inputs: [six, row], expected: [1, 2, 7, 5, 7, 6] },
  BitwiseXor: { inputs: [six, row], expected: [0, 0, 7, 5, 7, 2] },
  BitwiseNot: { inputs: [six], expected: [-2, -3, -4, -5, -6, -7] },
  Where: { inputs: [truths, six, row], expected: [1, 2, 3, 1, 2, 6] },
  IsNaN: { inputs: [fed([2], [Number.NaN, 1])], expected: [1, 0] },
  IsInf: { inputs: [fed([2], [Number.NEGATIVE_INFINITY, 1])], expected: [1, 0] },
};

const matrices: Record<string, OpCase | readonly OpCase[]> = {
  Det: { inputs: [fed([2, 2], [1, 2, 3, 4])], expected: [-2] },
  Einsum: [
    {
      inputs: [six, fed([3, 2], [1, 0, 0, 1, 1, 1])],
      attributes: () => ({ equation: "ij, jk -> ik" }),
      expected: [4, 5, 10, 11],
    },
    {
      inputs: [fed([2, 1, 1, 2], [1, 2, 3, 4]), fed([3, 2, 1], [1, 2, 3, 4, 5, 6])].map((input) => ({
        ...input,
        needsDims: true as const,
      })),
      attributes: () => ({ equation: "b...ij,...jk->...ki" }),
    },
    { inputs: [fed([2, 2], [1, 2, 3, 4])], attributes: () => ({ equation: "ii" }), expected: [5] },
    { inputs: [six], attributes: () => ({ equation: "ba" }), expected: [1, 4, 2, 5, 3, 6] },
  ],
  MatMul: { inputs: [six, fed([3, 2], [1, 0, 0, 1, 1, 1])], expected: [4, 5, 10, 11] },
  Gemm: {
    inputs: [six, fed([2, 3], [1, 0, 1, 0, 1, 1]), fed([2], [1, 2])],
    attributes: () => ({ transB: 1, alpha: 2 }),
    expected: [9, 12, 21, 24],
  },
};

const reducers = ["ReduceMax", "ReduceMin", "ReduceMean", "ReduceProd", "ReduceL1", "ReduceL2"];
const moreReducers = ["ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp"];
const reductions: Record<string, OpCase> = {
  ...each([...reducers, ...moreReducers], { inputs: [six, fixed([1])], attributes: () => ({ keepdims: 0 }) }),
  ...each(
    [...reducers, ...moreReducers].map((name) => `${name}@17`),
    { inputs: [six], attributes: () => ({ axes: [-1] }) },
  ),
  ...each(["ReduceMax@19", "ReduceMin@19"], { inputs: [six, fixed([-2])] }),
  ReduceSum: { inputs: [six, fixed([1])], attributes: () => ({ keepdims: 0 }), expected: [6, 15] },
  ArgMax: { inputs: [six], attributes: () => ({ axis: 1 }), expected: [2, 2] },
  ArgMin: { inputs: [six], attributes: () => ({ axis: 1, keepdims: 0 }), expected: [0, 0] },
  CumSum: { inputs: [six, fixed([1], "T2", [])], expected: [1, 3, 6, 4, 9, 15] },
};

const positions = fed([2, 2], [0, 2, 1, 1], "Tind");
const scattered: OpCase = {
  inputs: [six, positions, fed([2, 2], [7, 8, 9, 9])],
  attributes: () => ({ axis: 1 }),
  expected: [7, 2, 8, 4, 9, 6],
};
const rowsAt: CaseInput = { ...fed([2, 1], [1, 0], "int64"), needsDims: true };
const scatteredRows: OpCase = {
  inputs: [six, rowsAt, fed([2, 3], [7, 8, 9, 1, 1, 1])],
  expected: [1, 1, 1, 7, 8, 9],
};
/** What the updates 2 and 5 make of the element 3. */
const updated = { add: 10, mul: 30, max: 5, min: 2 };
type Update = keyof typeof updated;
const reduced = (reduction: Update): OpCase => ({
  inputs: [six, fed([1, 2], [2, 2], "Tind"), fed([1, 2], [2, 5])],
  attributes: () => ({ axis: 1, reduction }),
  except: sums.includes(reduction) ? ["string"] : ["string", "bool"],
  expected: [1, 2, updated[reduction], 4, 5, 6],
});
const reducedRows = (reduction: Update): OpCase => ({
  ...reduced(reduction),
  inputs: [six, { ...fed([2, 2], [0, 2, 0, 2], "int64"), needsDims: true }, fed([2], [2, 5])],
  attributes: () => ({ reduction }),
});
const sums: readonly Update[] = ["add", "mul"];
const updates: readonly Update[] = [...sums, "max", "min"];
const gathers: Record<string, OpCase | readonly OpCase[]> = {
  Gather: { inputs: [six, fed([2], [1, 0], "Tind")], expected: [4, 5, 6, 1, 2, 3] },
  GatherElements: { inputs: [six, positions], attributes: () => ({ axis: 1 }), expected: [1, 3, 5, 5] },
  GatherND: { inputs: [six, rowsAt], expected: [4, 5, 6, 1, 2, 3] },
  "ScatterElements@17": [scattered, ...sums.map(reduced)],
  ScatterElements: [scattered, ...updates.map(reduced)],
  "ScatterND@17": [scatteredRows, ...sums.map(reducedRows)],
  ScatterND: [scatteredRows, ...updates.map(reducedRows)],
  OneHot: {
    inputs: [fed([2], [0, 2], "T1"), fixed([3], "T2", []), fixed([0, 1], "T3")],
    expected: [1, 0, 0, 0, 0, 1],
  },
  NonZero: { inputs: [fed([2, 2], [0, 1, 1, 0])], isDynamic: true, expected: [0, 1, 1, 0] },
  Compress: {
    inputs: [six, fed([2], [0, 1], "bool")],
    attributes: () => ({ axis: 0 }),
    isDynamic: true,
    expected: [4, 5, 6],
  },
  Trilu: {
    inputs: [six, fixed([0], "int64", [])],
    attributes: () => ({ upper: 0 }),
    expected: [1, 0, 0, 4, 5, 0],
  },
  EyeLike: {
    inputs: [fed([2, 2], [5, 5, 5, 5], "T1")],
    attributes: ({ T2 = "float32" }) => ({ dtype: T2 }),
    expected: [1, 0, 0, 1],
  },
};

const sorts: Record<string, OpCase> = {
  TopK: { inputs: [six, fixed([2])], outputCount: 2, expected: [3, 2, 6, 5] },
  Range: {
    inputs: [fixed([0], "T", []), fixed([6], "T", []), fixed([2], "T", [])],
    expected: [0, 2, 4],
  },
  ReverseSequence: { inputs: [fed([3, 2], [1, 2, 3, 4, 5, 6]), fixed([2, 3])], expected: [3, 6, 1, 4, 5, 2] },
  Unique: { inputs: [fed([4], [2, 1, 2, 3])], outputCount: 4, isDynamic: true, expected: [1, 2, 3] },
};

const shapes: Record<string, OpCase> = {
  Shape: { inputs: [six], expected: [2, 3] },
  Size: { inputs: [six], expected: [6] },
  Reshape: { inputs: [six, fixed([0, -1, 1])], expected: [1, 2, 3, 4, 5, 6] },
  Expand: { inputs: [row, fixed([2, 3])], expected: [1, 2, 4, 1, 2, 4] },
  Unsqueeze: { inputs: [six, fixed([0, -1])], expected: [1, 2, 3, 4, 5, 6] },
  Squeeze: { inputs: [fed([2, 1, 1], [1, 2]), fixed([1])], expected: [1, 2] },
  Transpose: { inputs: [six], attributes: () => ({ perm: [1, 0] }), expected: [1, 4, 2, 5, 3, 6] },
  Flatten: {
    inputs: [fed([1, 2, 2], [1, 2, 3, 4])],
    attributes: () => ({ axis: 2 }),
    expected: [1, 2, 3, 4],
  },
};

const padding = { inputs: [six, fixed([0, 1, 0, 0])], expected: [0, 1, 2, 3, 0, 4, 5, 6] };
const joins: Record<string, OpCase> = {
  Concat: {
    inputs: [six, six],
    attributes: () => ({ axis: 0 }),
    expected: [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6],
  },
  Slice: {
    inputs: [six, fixed([-1], "Tind"), fixed([-10], "Tind"), fixed([1], "Tind"), fixed([-2], "Tind")],
    expected: [3, 1, 6, 4],
  },
  "Split@17": {
    inputs: [six, fixed([1, 2])],
    attributes: () => ({ axis: 1 }),
    outputCount: 2,
    expected: [1, 4],
  },
  Split: {
    inputs: [six],
    attributes: () => ({ axis: 1, num_outputs: 2 }),
    outputCount: 2,
    expected: [1, 2, 4, 5],
  },
  "Pad@17": padding,
  "Pad@18": { inputs: [six, fixed([1, 0]), undefined, fixed([1])], expected: padding.expected },
  Pad: { inputs: [six, fixed([1, 0]), undefined, fixed([1])], expected: padding.expected },
  Tile: { inputs: [row, fixed([2])], expected: [1, 2, 4, 1, 2, 4] },
};

const casts: Record<string, OpCase> = {
  Cast: {
    inputs: [fed([3], [0, 1, 2], "T1")],
    attributes: ({ T2 = "float32" }) => ({ to: T2 }),
    expected: [0, 1, 2],
  },
  CastLike: { inputs: [fed([3], [0, 1, 2], "T1"), fixed([0], "T2")], expected: [0, 1, 2] },
  Identity: { inputs: [six], expected: [1, 2, 3, 4, 5, 6] },
  Constant: {
    inputs: [],
    attributes: ({ T = "float32" }) => ({ value: makeTensor(T, [2], [1, 2]) }),
    expected: [1, 2],
  },
  ConstantOfShape: {
    inputs: [fixed([2, 1])],
    attributes: ({ T2 = "float32" }) => ({ value: makeTensor(T2, [1], [3]) }),
    expected: [3, 3],
  },
};

const ml: Record<string, OpCase> = {
  LabelEncoder: {
    inputs: [fed([2, 2], [1, 2, 3, 1], "T1")],
    attributes: ({ T1 = "string", T2 = "int64" }) => ({
      keys_tensor: makeTensor(T1, [2], [1, 2]),
      values_tensor: makeTensor(T2, [2], [10, 20]),
      default_tensor: makeTensor(T2, [1], [-1]),
    }),
  },
};

export const opCases: Readonly<Record<string, OpCase | readonly OpCase[]>> = {
  ...arithmetic,
  ...activations,
  ...logic,
  ...matrices,
  ...reductions,
  ...gathers,
  ...sorts,
  ...shapes,
  ...joins,
  ...casts,
  ...ml,
  ...controlCases,
  ...neuralCases,
  ...randomCases,
};
