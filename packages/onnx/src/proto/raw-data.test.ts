import { expect, test } from "vitest";
import { fromRawData } from "./raw-data.ts";

test("copies the bytes of a view, also of a Node Buffer, whose slice() would share memory", () => {
  const file = Buffer.alloc(32);
  file.writeFloatLE(1.5, 12);
  file.writeFloatLE(-2, 16);
  const values = fromRawData("float32", file.subarray(12, 20));
  file.fill(0);
  expect(values).toEqual(Float32Array.of(1.5, -2));
});
