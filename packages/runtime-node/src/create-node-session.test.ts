import { isAttuneError } from "@attune/contracts";
import { encodeOnnx, float32, sessionConformance } from "@attune/testkit";
import { expect, test } from "vitest";
import { createNodeSession } from "./create-node-session.ts";
import { artifactFolder } from "./fixtures/artifact-folder.ts";

sessionConformance("onnxruntime-node", createNodeSession);

test("a path is read, and one that cannot be read is named", async () => {
  using folder = artifactFolder();
  const session = await createNodeSession(`${folder.dir}/model.onnx`);
  expect(session.inputs.map((input) => input.name)).toEqual([
    "history",
    "history_weight",
    "exclude",
    "allow",
    "k",
  ]);
  expect(session.runtime).toEqual({
    name: "onnxruntime-node",
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
  await session.close();

  const error = await createNodeSession(`${folder.dir}/nothing`).catch((caught: unknown) => caught);
  if (!isAttuneError(error, "FILE_READ")) throw error;
  expect(error.details.path).toBe(`${folder.dir}/nothing`);
});

test("what is written into a given tensor is not kept a second time", async () => {
  const count = 2 ** 20;
  const session = await createNodeSession(
    encodeOnnx({
      inputs: [{ name: "x", dtype: "float32", dims: [count] }],
      outputs: [{ name: "y", dtype: "float32", dims: [count] }],
      nodes: [{ op: "Neg", inputs: ["x"], outputs: ["y"] }],
    }),
  );
  const x = float32(new Array<number>(count).fill(2), [count]);
  const y = float32(new Array<number>(count).fill(0), [count]);
  await session.run({ x }, ["y"], { into: { y } });
  const before = process.memoryUsage().arrayBuffers;
  for (let run = 0; run < 3; run++) expect(await session.run({ x }, ["y"], { into: { y } })).toEqual({ y });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * count);
  expect(y.data[count - 1]).toBe(-2);
  await session.close();
});

test("dtypes outside the port are refused at loading, by name", async () => {
  const values = (name: string) => [{ name, dtype: "float32" as const, dims: ["n"] }];
  const model = encodeOnnx({
    inputs: values("x"),
    outputs: [{ name: "half", dtype: "float16", dims: ["n"] }],
    nodes: [{ op: "Cast", inputs: ["x"], outputs: ["half"], attributes: { to: 10 } }],
  });
  const error = await createNodeSession(model).catch((caught: unknown) => caught);
  if (!isAttuneError(error, "RUNTIME_LOAD")) throw error;
  expect(error.message).toContain("output half is float16");
});

test.each([0, -1, 1.5, Number.NaN])("threadCount %s is refused", async (threadCount) => {
  const error = await createNodeSession(encodeOnnx({ inputs: [], outputs: [], nodes: [] }), {
    threadCount,
  }).catch((caught: unknown) => caught);
  if (!isAttuneError(error, "RUNTIME_LOAD")) throw error;
  expect(error.message).toContain("threadCount");
});
