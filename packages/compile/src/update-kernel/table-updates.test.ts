// Updates of tables by the rows of a batch, bit for bit as plain JavaScript makes them, on any number of threads.
import type { Tensor } from "@attune/contracts";
import type { UpdateGroup, UpdateProgram, UpdateTable } from "@attune/trace";
import { afterEach, describe, expect, test } from "vitest";
import { fewElements } from "./kernel-calls.ts";
import { createUpdateKernel, type UpdateKernel } from "./update-kernel.ts";

const { fround } = Math;
const rate = 0.1;

interface Scattered {
  readonly places: Int32Array | BigInt64Array;
  readonly rows: Float32Array;
  readonly repeat: number;
}

/** One step's gradient of a table. */
interface Gradient {
  readonly dense?: Float32Array;
  readonly parts: readonly Scattered[];
}

/** m ← m / 2 + g, w ← w − rate · m: sums of g show in their last bit. */
const momentum: Pick<UpdateGroup, "steps" | "results"> = {
  steps: [
    {
      op: "Mul",
      operands: [
        { kind: "state", index: 1 },
        { kind: "scalar", index: 0 },
      ],
    },
    {
      op: "Add",
      operands: [
        { kind: "op", index: 0 },
        { kind: "gradient", index: 0 },
      ],
    },
    {
      op: "Mul",
      operands: [
        { kind: "scalar", index: 1 },
        { kind: "op", index: 1 },
      ],
    },
    {
      op: "Sub",
      operands: [
        { kind: "state", index: 0 },
        { kind: "op", index: 2 },
      ],
    },
  ],
  results: [
    { kind: "op", index: 3 },
    { kind: "op", index: 1 },
  ],
};

function programOf(size: number, width: number, { dense, parts }: Gradient): UpdateProgram {
  const table: UpdateTable = {
    name: "g",
    dense: dense && "dense",
    width,
    scattered: parts.map(({ repeat }, at) => ({ places: `places${at}`, rows: `rows${at}`, repeat })),
  };
  return {
    tables: [table],
    scalars: [
      { kind: "constant", value: 0.5 },
      { kind: "learningRate", factor: 1, offset: 0 },
    ],
    groups: [{ ...momentum, size, isTransposed: false, states: ["w", "m"], gradients: ["g"] }],
    scalarResults: [],
  };
}

function tensor(data: Float32Array): Tensor<"float32"> {
  return { dtype: "float32", dims: [data.length], data };
}

function outputsOf({ dense, parts }: Gradient): Record<string, Tensor> {
  const outputs: Record<string, Tensor> = dense ? { dense: tensor(dense) } : {};
  for (const [at, { places, rows }] of parts.entries()) {
    const dims = [places.length];
    outputs[`places${at}`] =
      places instanceof Int32Array
        ? { dtype: "int32", dims, data: places }
        : { dtype: "int64", dims, data: places };
    outputs[`rows${at}`] = tensor(rows);
  }
  return outputs;
}

/** The same in plain JavaScript. */
function updatePlainly(w: Float32Array, m: Float32Array, width: number, { dense, parts }: Gradient): void {
  const gradient = dense === undefined ? new Float32Array(w.length) : dense.slice();
  for (const { places, rows, repeat } of parts) {
    for (const [index, given] of Array.from(places, Number).entries()) {
      const to = width * (given < 0 ? given + w.length / width : given);
      const from = width * Math.floor(index / repeat);
      // A Float32Array rounds each sum.
      for (let at = 0; at < width; at++) gradient[to + at]! += rows[from + at]!;
    }
  }
  for (const [at, g] of gradient.entries()) {
    m[at] = fround(m[at]! * 0.5) + g;
    w[at] = w[at]! - fround(fround(rate) * m[at]!);
  }
}

/** Numbers without a pattern, from −1 to 1. */
function numbers(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, at) => Math.sin(seed * 7.1 + at * 1.7));
}

/** Places among which some come again and again, the first and the last row, and some from the end. */
function placesIn(rowCount: number, count: number, seed: number): Int32Array {
  return Int32Array.from({ length: count }, (_, at) => {
    const place = (at * at * 31 + seed) % rowCount;
    if (at % 7 === 0) return rowCount - 1;
    if (at % 11 === 0) return 0;
    return at % 3 === 0 ? place - rowCount : place;
  });
}

function gradientOf(rowCount: number, width: number, count: number, seed: number, isDense = false): Gradient {
  const single = placesIn(rowCount, count, seed);
  return {
    ...(isDense && { dense: numbers(rowCount * width, seed) }),
    parts: [
      { places: single, rows: numbers(width * count, seed), repeat: 1 },
      { places: placesIn(rowCount, 3 * count, seed + 5), rows: numbers(width * count, seed + 1), repeat: 3 },
      { places: BigInt64Array.from(single, BigInt), rows: numbers(width * count, seed + 2), repeat: 1 },
    ],
  };
}

/** Where two arrays differ first, as a short text; `undefined` = nowhere. */
function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): string | undefined {
  for (let at = 0; at < expected.length; at++) {
    if (!Object.is(actual[at], expected[at])) return `[${at}] is ${actual[at]}, expected ${expected[at]}`;
  }
  return undefined;
}

const open: UpdateKernel[] = [];

function start(program: UpdateProgram, size: number, threadCount = 1) {
  const states = { w: numbers(size, 3), m: numbers(size, 4) };
  const initial = { w: tensor(states.w), m: tensor(states.m) };
  const kernel = createUpdateKernel(program, initial, { threadCount });
  open.push(kernel);
  return { kernel, ...states };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((kernel) => kernel.close()));
});

describe.each([1, 3, 17, 64, 65])("rows of width %i", (width) => {
  test.each([
    { what: "some rows of a large table", size: fewElements, isDense: false },
    { what: "on top of a dense gradient", size: fewElements, isDense: true },
    { what: "all rows of a small table", size: 40, isDense: false },
  ])("$what, on 1, 2 and 3 threads", ({ size, isDense }) => {
    const rowCount = Math.ceil(size / width) + 3;
    // The second one needs more memory.
    const steps = [20, 700, 3].map((count, seed) => gradientOf(rowCount, width, count, seed, isDense));
    const program = programOf(rowCount * width, width, steps[0]!);
    const expected = start(program, rowCount * width);
    for (const step of steps) updatePlainly(expected.w, expected.m, width, step);
    for (const threadCount of [1, 2, 3]) {
      const { kernel } = start(program, rowCount * width, threadCount);
      for (const step of steps) expect(kernel.apply(rate, outputsOf(step))).toBeUndefined();
      expect(difference(kernel.states.w!.data, expected.w)).toBeUndefined();
      expect(difference(kernel.states.m!.data, expected.m)).toBeUndefined();
    }
  });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])(
  "a row with %d changes nothing, and is forgotten",
  (wrong) => {
    const [rowCount, width] = [50, 6];
    const good = gradientOf(rowCount, width, 9, 1);
    const bad = gradientOf(rowCount, width, 9, 2);
    bad.parts[0]!.rows[40] = wrong;
    const { kernel, w, m } = start(programOf(rowCount * width, width, good), rowCount * width);
    expect(kernel.apply(rate, outputsOf(bad))).toBe("w");
    expect(difference(kernel.states.w!.data, w)).toBeUndefined();
    expect(difference(kernel.states.m!.data, m)).toBeUndefined();
    updatePlainly(w, m, width, good);
    expect(kernel.apply(rate, outputsOf(good))).toBeUndefined();
    expect(difference(kernel.states.w!.data, w)).toBeUndefined();
  },
);

test.each([50, -51])("place %i of 50 rows is refused, nothing changes, and it is forgotten", (place) => {
  const [rowCount, width] = [50, 2];
  const good = gradientOf(rowCount, width, 9, 1);
  const bad = gradientOf(rowCount, width, 9, 2);
  bad.parts[0]!.places[4] = place;
  const { kernel, w, m } = start(programOf(rowCount * width, width, good), rowCount * width);
  expect(() => kernel.apply(rate, outputsOf(bad))).toThrow(`place ${place} in a table of 50 rows`);
  expect(difference(kernel.states.w!.data, w)).toBeUndefined();
  updatePlainly(w, m, width, good);
  kernel.apply(rate, outputsOf(good));
  expect(difference(kernel.states.w!.data, w)).toBeUndefined();
});

test("a table that is one of two gradients of a group, and the only one of another", () => {
  const [rowCount, width] = [50, 6];
  const size = rowCount * width;
  const gradients = [1, 2].map((seed) => gradientOf(rowCount, width, 9, seed));
  const single = programOf(size, width, gradients[0]!);
  const sum: UpdateGroup = {
    size,
    isTransposed: false,
    states: ["sum"],
    gradients: ["g", "other"],
    steps: [
      {
        op: "Add",
        operands: [
          { kind: "gradient", index: 0 },
          { kind: "gradient", index: 1 },
        ],
      },
    ],
    results: [{ kind: "op", index: 0 }],
  };
  const program = { ...single, groups: [...single.groups, sum] };
  const initial = [numbers(size, 3), numbers(size, 4), new Float32Array(size)];
  const [w, m, added] = initial.map((data) => data.slice()) as [Float32Array, Float32Array, Float32Array];
  const kernel = createUpdateKernel(
    program,
    Object.fromEntries(["w", "m", "sum"].map((name, at) => [name, tensor(initial[at]!)])),
  );
  const other = numbers(size, 9);
  for (const gradient of gradients) {
    updatePlainly(w, m, width, gradient);
    const before = new Float32Array(size);
    updatePlainly(new Float32Array(size), before, width, gradient);
    for (const [at, g] of before.entries()) added[at] = g + other[at]!;
    expect(kernel.apply(rate, { ...outputsOf(gradient), other: tensor(other) })).toBeUndefined();
  }
  expect(difference(kernel.states.w!.data, w)).toBeUndefined();
  expect(difference(kernel.states.m!.data, m)).toBeUndefined();
  expect(difference(kernel.states.sum!.data, added)).toBeUndefined();
});
