import { expect, test } from "vitest";
import { decodeElements, encodeElements } from "./datatypes.ts";
import { binaryMessage, lengthHeader } from "./infer-message.ts";
import { rawNumber, toJsonText } from "./json-text.ts";
import { nest } from "./tensor.ts";

test("a raw number is written digit by digit, a text that looks like one stays a text", () => {
  const text = toJsonText({ shape: [rawNumber("18446744073709551616")], name: "raw:7" });
  expect(text).toBe('{"shape":[18446744073709551616],"name":"raw:7"}');
});

test("chosen inputs go as bytes in their order, the others as JSON", () => {
  const { body, headers } = binaryMessage(
    {
      inputs: [
        { name: "a", datatype: "UINT32", shape: [2], data: [1, 258] },
        { name: "b", datatype: "BOOL", shape: [1], data: [true] },
        { name: "c", datatype: "BYTES", shape: [1], data: ["é"] },
      ],
    },
    (_, index) => index !== 1,
  );
  const length = Number(headers[lengthHeader]);
  expect(JSON.parse(body.toString("utf8", 0, length)).inputs).toEqual([
    { name: "a", datatype: "UINT32", shape: [2], parameters: { binary_data_size: 8 } },
    { name: "b", datatype: "BOOL", shape: [1], data: [true] },
    { name: "c", datatype: "BYTES", shape: [1], parameters: { binary_data_size: 6 } },
  ]);
  expect([...body.subarray(length)]).toEqual([1, 0, 0, 0, 2, 1, 0, 0, 2, 0, 0, 0, 0xc3, 0xa9]);
});

test.each(["BOOL", "UINT8", "UINT16", "UINT32", "INT8", "INT16", "INT32", "FP16", "FP32", "FP64"])(
  "%s comes back from its bytes, and from no other number of them",
  (datatype) => {
    const elements = datatype === "BOOL" ? [true, false] : [1, 100];
    const bytes = encodeElements(datatype, elements);
    expect(decodeElements(datatype, bytes, 2)).toEqual(elements);
    expect(decodeElements(datatype, bytes, 1)).toBeUndefined();
    expect(decodeElements(datatype, bytes.subarray(1), 2)).toBeUndefined();
  },
);

test("texts come back from their bytes; a length past the end is no text", () => {
  const bytes = encodeElements("BYTES", ["a", ""]);
  expect(decodeElements("BYTES", bytes, 2)?.map(String)).toEqual(["a", ""]);
  expect(decodeElements("BYTES", bytes, 1)).toBeUndefined();
  expect(decodeElements("BYTES", bytes, 3)).toBeUndefined();
  expect(decodeElements("BYTES", Buffer.of(255, 255, 255, 255, 97), 1)).toBeUndefined();
});

test("data is nested as the shape is", () => {
  expect(nest([1, 2, 3, 4, 5, 6], [1, 3, 2])).toEqual([
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  ]);
});
