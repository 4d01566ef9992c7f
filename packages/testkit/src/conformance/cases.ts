/**
 * What every `Session` must do, as data: a name and a function that throws when the session does not. Free of any
 * test framework, so the same cases run under vitest and inside a page.
 */
import type { CreateSession, DataType, Session, Tensor } from "@attune/contracts";
import { expectClose, expectSame } from "../expect-close.ts";
import { bool, float32, float64, int32, int64, strings } from "../tensors.ts";
import { expectError } from "./expect-error.ts";
import { echoModels, sumModel } from "./models.ts";

export interface ConformanceCase {
  readonly name: string;
  run(create: CreateSession): Promise<void>;
}

const long = "é".repeat(10_000);

/** Values at the edges of each dtype, `[2, 3]`. */
const edgeValues: Record<DataType, Tensor> = {
  float32: float32([0, -0, Number.NaN, Number.POSITIVE_INFINITY, -1.5, 1e-40], [2, 3]),
  float64: float64([0, -0, Number.NaN, Number.NEGATIVE_INFINITY, 1 / 3, Number.MAX_VALUE], [2, 3]),
  int32: int32([0, -1, 1, 2 ** 31 - 1, -(2 ** 31), 7], [2, 3]),
  int64: int64([0n, -1n, 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n], [2, 3]),
  bool: bool([true, false, false, true, true, false], [2, 3]),
  string: strings(["", "a b\n", "žluťoučký", "日本語", "👩‍🚀", long], [2, 3]),
};

const noValues: Record<DataType, (dims: readonly number[]) => Tensor> = {
  float32: (dims) => float32([], dims),
  float64: (dims) => float64([], dims),
  int32: (dims) => int32([], dims),
  int64: (dims) => int64([], dims),
  bool: (dims) => bool([], dims),
  string: (dims) => strings([], dims),
};

function sumFeeds(first = 1): Record<"a" | "b" | "label", Tensor> {
  return {
    a: float32([first, first + 1], [1, 2]),
    b: float32([10, 20], [1, 2]),
    label: strings([`row ${first}`]),
  };
}

/** Opens, uses and always closes. */
async function using<T>(opening: Promise<Session>, use: (session: Session) => Promise<T>): Promise<T> {
  const session = await opening;
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

const dtypeCases = (Object.keys(edgeValues) as DataType[]).map(
  (dtype): ConformanceCase => ({
    name: `${dtype}: every value comes back as it went in, and so do dims of length zero`,
    run: (create) =>
      using(create(echoModels[dtype].bytes), async (session) => {
        const { y } = await session.run({ x: edgeValues[dtype] });
        expectClose(y!, edgeValues[dtype]);
        expectSame(y!.data.constructor, edgeValues[dtype].data.constructor, "storage");
        for (const dims of [
          [0, 3],
          [2, 0],
          [0, 0],
        ]) {
          const empty = await session.run({ x: noValues[dtype](dims) });
          expectClose(empty.y!, noValues[dtype](dims));
        }
      }),
  }),
);

const descriptionCases: ConformanceCase[] = [
  {
    name: "describes inputs and outputs with dtype and symbolic dims",
    run: (create) =>
      using(create(sumModel.bytes), async (session) => {
        expectSame(JSON.stringify(session.inputs), JSON.stringify(sumModel.inputs), "inputs");
        expectSame(JSON.stringify(session.outputs), JSON.stringify(sumModel.outputs), "outputs");
      }),
  },
  {
    name: "names its runtime and version",
    run: (create) =>
      using(create(sumModel.bytes), async ({ runtime }) => {
        expectSame(runtime.name.length > 0 && runtime.version.length > 0, true, "name and version are set");
      }),
  },
  {
    name: "refuses bytes that are no model, and says so by code",
    async run(create) {
      for (const bytes of [new Uint8Array(0), Uint8Array.of(1, 2, 3), sumModel.bytes.slice(0, 40)]) {
        await expectError("RUNTIME_LOAD", () => create(bytes));
      }
    },
  },
  {
    name: "leaves the model's bytes to the caller",
    async run(create) {
      const padded = new Uint8Array(sumModel.bytes.length + 8).fill(255);
      padded.set(sumModel.bytes, 3);
      const bytes = padded.subarray(3, 3 + sumModel.bytes.length);
      await using(create(bytes), (session) => session.run(sumFeeds()));
      expectSame(bytes.length, sumModel.bytes.length, "length of the caller's bytes");
      expectSame(bytes.join(), sumModel.bytes.join(), "the caller's bytes");
    },
  },
];

const runCases: ConformanceCase[] = [
  {
    name: "computes all outputs, whatever the order of the feeds",
    run: (create) =>
      using(create(sumModel.bytes), async (session) => {
        const { a, b, label } = sumFeeds();
        const expected = sumModel.compute({ a, b, label });
        const actual = await session.run({ label, b, a });
        expectSame(Object.keys(actual).sort().join(), "product,same,sum", "output names");
        for (const name of Object.keys(expected)) expectClose(actual[name]!, expected[name]!);
      }),
  },
  {
    name: "computes only the outputs asked for",
    run: (create) =>
      using(create(sumModel.bytes), async (session) => {
        const only = await session.run(sumFeeds(), ["product"]);
        expectSame(Object.keys(only).join(), "product", "output names");
        expectClose(only.product!, sumModel.compute(sumFeeds()).product!);
        expectSame(
          Object.keys(await session.run(sumFeeds(), [])).length,
          0,
          "outputs when none is asked for",
        );
      }),
  },
  {
    name: "writes into given tensors or leaves them, and reads what a fed tensor holds now",
    run: (create) =>
      using(create(sumModel.bytes), async (session) => {
        const data = new Float32Array(2);
        const feeds = { ...sumFeeds(), a: { dtype: "float32", dims: [1, 2], data } as const };
        for (const first of [1, 100, 7]) {
          data.set([first, first + 1]);
          const expected = sumModel.compute(feeds);
          const into = { sum: float32([0, 0], [1, 2]) };
          const { sum, product } = await session.run(feeds, ["sum", "product"], { into });
          expectClose(sum!, expected.sum!);
          expectClose(product!, expected.product!);
        }
      }),
  },
  {
    name: "refuses to write over what the same run reads, or into what it does not have",
    run: (create) =>
      using(create(sumModel.bytes), async (session) => {
        const feeds = sumFeeds();
        const over = () => session.run(feeds, ["sum"], { into: { sum: feeds.a } });
        await expectError("RUNTIME_RUN", over, ["sum: would be written over a"]);
        const unknown = () => session.run(feeds, ["sum"], { into: { nothing: float32([0, 0], [1, 2]) } });
        await expectError("RUNTIME_RUN", unknown, ["nothing:"]);
      }),
  },
  {
    name: "takes another batch size at each run",
    run: (create) =>
      using(create(sumModel.bytes), async (session) => {
        for (const batch of [1, 5, 0, 2]) {
          const values = Array.from({ length: batch * 2 }, (_, index) => index / 4);
          const feeds = {
            a: float32(values, [batch, 2]),
            b: float32(values, [batch, 2]),
            label: strings(values.slice(0, batch).map(String)),
          };
          const actual = await session.run(feeds);
          const expected = sumModel.compute(feeds);
          for (const name of Object.keys(expected)) expectClose(actual[name]!, expected[name]!);
        }
      }),
  },
  {
    name: "runs at the same time keep their own answers",
    run: (create) =>
      using(create(sumModel.bytes), async (session) => {
        const firsts = Array.from({ length: 20 }, (_, index) => index);
        const answers = await Promise.all(firsts.map((first) => session.run(sumFeeds(first))));
        answers.forEach((answer, index) => {
          const expected = sumModel.compute(sumFeeds(index));
          for (const name of Object.keys(expected)) expectClose(answer[name]!, expected[name]!);
        });
      }),
  },
  {
    name: "neither changes nor detaches feeds, and reads views at their offset",
    run: (create) =>
      using(create(sumModel.bytes), async (session) => {
        const buffer = Float32Array.of(9, 1, 2, 9);
        const feeds = {
          ...sumFeeds(),
          a: { dtype: "float32", dims: [1, 2], data: buffer.subarray(1, 3) },
        } as const;
        for (let round = 0; round < 2; round++) {
          expectClose((await session.run(feeds)).sum!, float32([11, 22], [1, 2]));
        }
        expectSame(buffer.join(), "9,1,2,9", "the caller's buffer");
        expectSame(feeds.label.data.join(), "row 1", "the caller's strings");
      }),
  },
  {
    name: "outputs stay as they are after later runs and after close",
    async run(create) {
      const session = await create(sumModel.bytes);
      const first = await session.run(sumFeeds(1));
      await session.run(sumFeeds(100));
      await session.close();
      expectClose(first.sum!, sumModel.compute(sumFeeds(1)).sum!);
    },
  },
];

/** Broken feeds → a word the error must hold for each thing wrong. */
const refusals: Record<
  string,
  { readonly feeds: Record<string, Tensor>; readonly words: readonly string[] }
> = {
  "missing, unknown and mis-typed feeds, all at once": {
    feeds: { a: int32([1, 2], [1, 2]), label: strings(["x"]), extra: float32([1]) },
    words: ["a:", "b:", "extra:"],
  },
  "storage of another dtype": {
    feeds: { ...sumFeeds(), a: { dtype: "float32", dims: [1, 2], data: Float64Array.of(1, 2) } as never },
    words: ["a:"],
  },
  "another rank or fixed size": {
    feeds: { ...sumFeeds(), a: float32([1, 2]), b: float32([1, 2, 3], [1, 3]) },
    words: ["a:", "b:"],
  },
  "data that does not fill its dims": {
    feeds: { ...sumFeeds(), b: { dtype: "float32", dims: [2, 2], data: Float32Array.of(1) } },
    words: ["b:"],
  },
  "a string that holds NUL": { feeds: { ...sumFeeds(), label: strings(["a\0b"]) }, words: ["label:"] },
  "a string tensor with something else in it": {
    feeds: { ...sumFeeds(), label: strings([7 as never]) },
    words: ["label:"],
  },
};

const refusalCases = Object.entries(refusals).map(
  ([what, { feeds, words }]): ConformanceCase => ({
    name: `refuses ${what}, and works on`,
    run: (create) =>
      using(create(sumModel.bytes), async (session) => {
        await expectError("RUNTIME_RUN", () => session.run(feeds), words);
        expectClose((await session.run(sumFeeds())).sum!, sumModel.compute(sumFeeds()).sum!);
      }),
  }),
);

const lifetimeCases: ConformanceCase[] = [
  {
    name: "refuses an output it does not have",
    run: (create) =>
      using(create(sumModel.bytes), (session) =>
        expectError("RUNTIME_RUN", () => session.run(sumFeeds(), ["sum", "nothing"]), ["nothing:"]),
      ),
  },
  {
    name: "refuses to run after close",
    async run(create) {
      const session = await create(sumModel.bytes);
      await session.close();
      await expectError("RUNTIME_CLOSED", () => session.run(sumFeeds()));
    },
  },
  {
    name: "closes twice, also at the same time",
    async run(create) {
      const session = await create(sumModel.bytes);
      await Promise.all([session.close(), session.close()]);
      await session.close();
    },
  },
  {
    name: "runs under way end before close, later ones are refused",
    async run(create) {
      const session = await create(sumModel.bytes);
      const running = [session.run(sumFeeds(1)), session.run(sumFeeds(2))];
      const closing = session.close();
      await expectError("RUNTIME_CLOSED", () => session.run(sumFeeds(3)));
      const answers = await Promise.all(running);
      await closing;
      answers.forEach((answer, index) => {
        expectClose(answer.sum!, sumModel.compute(sumFeeds(index + 1)).sum!);
      });
    },
  },
  {
    name: "two sessions of one model are independent",
    run: (create) =>
      using(create(sumModel.bytes), async (session) => {
        await using(create(sumModel.bytes), (other) => other.run(sumFeeds(5)));
        expectClose((await session.run(sumFeeds())).sum!, sumModel.compute(sumFeeds()).sum!);
      }),
  },
];

/** The suite. Names are unique. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...descriptionCases,
  ...dtypeCases,
  ...runCases,
  ...refusalCases,
  ...lifetimeCases,
];
