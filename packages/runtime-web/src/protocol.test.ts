import { AttuneError, isAttuneError } from "@attune/contracts";
import { float32 } from "@attune/testkit";
import { afterEach, expect, test } from "vitest";
import { type Connection, connect, type Handlers, serve } from "./protocol.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Both ends of the protocol over a real MessageChannel. */
function joined(handlers: Partial<Handlers>): Connection {
  const { port1, port2 } = new MessageChannel();
  const refuse = () => Promise.reject(new Error("not part of this test"));
  serve(port2, { load: refuse, run: refuse, ...handlers });
  const connection = connect(port1);
  port1.start();
  port2.start();
  closers.push(() => port1.close());
  return connection;
}

const loaded = { inputs: [], outputs: [], runtime: { name: "test", version: "1" } };
const source = { model: { bytes: Uint8Array.of(1) } };

test("answers find their own call, in whatever order they come", async () => {
  const waiting: (() => void)[] = [];
  const { call } = joined({
    run: ({ feeds }) =>
      new Promise((resolve) => {
        waiting.push(() => resolve(feeds));
        // All have arrived: answer the last one first.
        if (waiting.length === 3) for (const answer of waiting.reverse()) answer();
      }),
  });
  const calls = [1, 2, 3].map((value) => call("run", { feeds: { x: float32([value]) }, fetches: [] }));
  const answers = await Promise.all(calls);
  expect(answers.map(({ x }) => x!.data[0])).toEqual([1, 2, 3]);
});

test("an AttuneError crosses with its code and details", async () => {
  const { call } = joined({
    load: () => Promise.reject(new AttuneError("RUNTIME_HASH", { url: "/m", expected: "a", actual: "b" })),
  });
  const error = await call("load", source).catch((caught: unknown) => caught);
  if (!isAttuneError(error, "RUNTIME_HASH")) throw error;
  expect(error.details).toEqual({ url: "/m", expected: "a", actual: "b" });
  expect(error.message).toContain("/m is damaged");
});

test("another error crosses with its name and words", async () => {
  const { call } = joined({ load: () => Promise.reject(new RangeError("too far")) });
  const error = await call("load", source).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: "RangeError", message: "too far" });
});

test("an error code of a newer worker still crosses", async () => {
  const newer = Object.assign(new AttuneError("RUNTIME_CLOSED", { what: "it" }), { code: "RUNTIME_NEW" });
  const { call } = joined({ load: () => Promise.reject(newer) });
  const error = await call("load", source).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: "AttuneError", code: "RUNTIME_NEW", message: "it is closed" });
});

test("progress of a call reaches its own listener, before the answer", async () => {
  const { call } = joined({
    async load(_, report) {
      report({ loadedBytes: 1, totalBytes: 2 });
      report({ loadedBytes: 2, totalBytes: 2 });
      return loaded;
    },
  });
  const seen: number[] = [];
  expect(await call("load", source, ({ loadedBytes }) => seen.push(loadedBytes))).toEqual(loaded);
  expect(seen).toEqual([1, 2]);
});

test("the caller's buffers stay the caller's", async () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const { call } = joined({ load: async () => loaded });
  await call("load", { model: { bytes } });
  expect([...bytes]).toEqual([1, 2, 3]);
});

test("what cannot be cloned is refused and leaves the connection usable", async () => {
  const { call } = joined({ load: async () => loaded });
  await expect(call("load", { model: { bytes: (() => 1) as never } })).rejects.toThrow();
  expect(await call("load", source)).toEqual(loaded);
});

test("when the other side dies, calls under way and later ones fail with the reason", async () => {
  const { call, fail } = joined({ run: () => new Promise(() => {}) });
  const running = call("run", { feeds: {}, fetches: [] });
  const reason = new AttuneError("RUNTIME_LOAD", { runtime: "test", reason: "it died" });
  fail(reason);
  await expect(running).rejects.toBe(reason);
  await expect(call("load", source)).rejects.toBe(reason);
});
