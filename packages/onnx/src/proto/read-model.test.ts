import { isAttuneError, type Tensor } from "@attune/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createGraph } from "../create-graph.ts";
import { float32Tensor, int64Tensor, stringTensor } from "../tensor.ts";
import { modelArbitrary } from "./model.arbitrary.ts";
import { readMetadata } from "./read-metadata.ts";
import { readModel } from "./read-model.ts";
import { attributeFile, doubles, initializerFile, modelFile, sampleFile } from "./sample-files.ts";
import { encodeMessage, type WireWriter } from "./wire-writer.ts";
import { writeModel } from "./write-model.ts";

describe("what is written is read", () => {
  test("any model, to the last bit", () => {
    fc.assert(
      fc.property(modelArbitrary, (model) => {
        const bytes = writeModel(model);
        expect(readModel(bytes)).toEqual(model);
        expect(writeModel(readModel(bytes))).toEqual(bytes);
      }),
    );
  });

  test("the order of records does not change the bytes", () => {
    const graph = createGraph();
    graph.output("y", graph.input("x", "float32", []));
    const one = graph.build({ name: "order", metadata: { a: "1", b: "2" } });
    const two = graph.build({ name: "order", metadata: { b: "2", a: "1" } });
    expect(writeModel(two)).toEqual(writeModel(one));
  });

  test.each<[string, Tensor]>([
    ["int64 beyond 2^53", int64Tensor([2n ** 63n - 1n, -(2n ** 63n), 9007199254740993n])],
    ["an empty tensor", float32Tensor([], [0, 3])],
    ["a scalar", float32Tensor([1.5], [])],
    ["−0, NaN and infinities", float32Tensor([-0, Number.NaN, Number.POSITIVE_INFINITY])],
    ["strings of any script", stringTensor(["", "ü", "日本", "🎬", "\uFEFF"])],
  ])("%s", (_, tensor) => {
    const graph = createGraph();
    graph.output("y", graph.constant("c", tensor));
    const read = readModel(writeModel(graph.build({ name: "one" })));
    expect(read.graph.initializers.get("c")).toEqual(tensor);
  });

  test("a tensor read does not hang on the file's bytes", () => {
    fc.assert(
      fc.property(modelArbitrary, (model) => {
        const bytes = writeModel(model);
        const read = readModel(bytes);
        bytes.fill(0);
        expect(read).toEqual(model);
      }),
    );
  });
});

describe("files of other tools", () => {
  test.each<[string, (out: WireWriter) => void, Tensor]>([
    [
      "float_data, packed",
      (out) => out.bytes(4, new Uint8Array(Float32Array.of(1, 2).buffer)),
      float32Tensor([1, 2]),
    ],
    [
      "float_data, one by one",
      (out) => {
        out.float(4, 1);
        out.float(4, 2);
      },
      float32Tensor([1, 2]),
    ],
    ["int64_data", (out) => out.bytes(7, Uint8Array.of(1, 2)), int64Tensor([1, 2])],
    [
      "int32_data",
      (out) => out.bytes(5, Uint8Array.of(1, 2)),
      { dtype: "int32", dims: [2], data: Int32Array.of(1, 2) },
    ],
    [
      "bool in int32_data",
      (out) => out.bytes(5, Uint8Array.of(0, 1)),
      { dtype: "bool", dims: [2], data: Uint8Array.of(0, 1) },
    ],
    [
      "double_data",
      (out) => out.bytes(10, doubles(1, 2)),
      { dtype: "float64", dims: [2], data: Float64Array.of(1, 2) },
    ],
  ])("%s", (_, data, expected) => {
    const code = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11, string: 8 }[expected.dtype];
    const bytes = initializerFile((out) => {
      out.bytes(1, Uint8Array.of(2));
      out.int(2, code);
      out.string(8, "w");
      data(out);
    });
    expect(readModel(bytes).graph.initializers.get("w")).toEqual(expected);
  });

  test("dtypes and storage that Attune does not compute with are named", () => {
    const bytes = modelFile(
      (graph) => {
        graph.message(5, (out) => {
          out.int(1, 4);
          out.int(2, 10);
          out.string(8, "half");
          out.bytes(9, new Uint8Array(8));
        });
        graph.message(5, (out) => {
          out.int(1, 3);
          out.int(2, 1);
          out.string(8, "outside");
          out.message(13, (entry) => {
            entry.string(1, "location");
            entry.string(2, "weights.bin");
          });
          out.int(14, 1);
        });
        graph.message(5, (out) => {
          out.int(1, 1);
          out.int(2, 8);
          out.string(8, "latin1");
          out.bytes(6, Uint8Array.of(0xfc));
        });
        graph.message(11, (out) => {
          out.string(1, "image");
          out.message(2, (type) => type.message(1, (tensor) => tensor.int(1, 2)));
        });
        graph.message(12, (out) => {
          out.string(1, "maps");
          out.message(2, (type) => type.message(4, () => undefined));
        });
      },
      (out) => out.message(25, (fn) => fn.string(1, "Gelu")),
    );
    expect(readModel(bytes).graph.foreign).toEqual([
      { kind: "function", name: "Gelu", description: "a function of the model", byteLength: 6 },
      { kind: "initializer", name: "half", description: "float16[4]", byteLength: 8 },
      {
        kind: "initializer",
        name: "outside",
        description: "float32[3] in the file weights.bin",
        byteLength: 0,
      },
      { kind: "initializer", name: "latin1", description: "string[1] that is not UTF-8", byteLength: 1 },
      { kind: "input", name: "image", description: "uint8 of unknown rank", byteLength: 0 },
      { kind: "output", name: "maps", description: "a sequence", byteLength: 0 },
    ]);
    expect(() => writeModel(readModel(bytes))).toThrow("initializer half: float16[4] cannot be written");
  });

  test.each<[string, (out: WireWriter) => void, unknown]>([
    [
      "a subgraph without a graph",
      (out) => out.int(20, 5),
      { type: "opaque", value: "an empty graph attribute" },
    ],
    ["a list of subgraphs", (out) => out.int(20, 10), { type: "opaque", value: "a list of subgraphs" }],
    [
      "a kind we never heard of",
      (out) => out.int(20, 77),
      { type: "opaque", value: "an attribute of type 77" },
    ],
    ["an int without a value", (out) => out.int(20, 2), { type: "int", value: 0 }],
    ["an int without a type", (out) => out.int(3, 4), { type: "int", value: 4 }],
    [
      "bytes",
      (out) => {
        out.bytes(4, Uint8Array.of(0xff));
        out.int(20, 3);
      },
      { type: "opaque", value: "bytes that are not UTF-8" },
    ],
    [
      "a reference",
      (out) => out.string(21, "alpha"),
      { type: "opaque", value: "a reference to a function's attribute" },
    ],
  ])("attribute: %s", (_, write, expected) => {
    const bytes = attributeFile((out) => {
      out.string(1, "a");
      write(out);
    });
    expect(readModel(bytes).graph.nodes[0]?.attributes).toEqual({ a: expected });
  });

  test("an int beyond 2^53 is not rounded in silence", () => {
    const bytes = attributeFile((out) => {
      out.string(1, "a");
      out.bytes(8, Uint8Array.of(...new Array(8).fill(0xff), 0x7f));
      out.int(20, 7);
    });
    expect(readModel(bytes).graph.nodes[0]?.attributes.a).toEqual({
      type: "opaque",
      value: "an integer beyond 2^53",
    });
  });

  test("unknown fields are skipped", () => {
    const bytes = modelFile(
      (graph) => {
        graph.string(1000, "later");
        graph.string(2, "g");
      },
      (out) => out.float(999, 1),
    );
    expect(readModel(bytes).graph.name).toBe("g");
  });

  test("ai.onnx by its long name is the default domain", () => {
    const bytes = modelFile(
      (graph) => graph.message(1, (node) => node.string(7, "ai.onnx")),
      (out) =>
        out.message(8, (opset) => {
          opset.string(1, "ai.onnx");
          opset.int(2, 20);
        }),
    );
    const model = readModel(bytes);
    expect(model.opsets).toEqual({ "": 20 });
    expect(model.graph.nodes[0]?.domain).toBe("");
  });
});

describe("broken files", () => {
  test.each<[string, Uint8Array, string]>([
    ["empty", new Uint8Array(0), "there is no graph"],
    ["text", new TextEncoder().encode("<html>not found</html>"), "not an ONNX file"],
    ["no IR version", encodeMessage((out) => out.message(7, () => undefined)), "there is no IR version"],
    [
      "too few elements",
      initializerFile((out) => {
        out.int(1, 3);
        out.int(2, 1);
        out.bytes(9, new Uint8Array(8));
      }),
      "holds 2 elements",
    ],
    [
      "half an element",
      initializerFile((out) => {
        out.int(1, 1);
        out.int(2, 1);
        out.bytes(9, new Uint8Array(5));
      }),
      "5 bytes of raw data",
    ],
    [
      "a negative dim",
      initializerFile((out) => {
        out.int(1, -1);
        out.int(2, 1);
      }),
      "has the dim -1",
    ],
    [
      "dims of 2^106",
      initializerFile((out) => {
        out.int(1, 2 ** 53 - 1);
        out.int(1, 2 ** 53 - 1);
        out.int(2, 1);
      }),
      "holds 0 elements",
    ],
  ])("%s", (_, bytes, message) => {
    expect(() => readModel(bytes, { source: "m.onnx" })).toThrow(message);
  });

  function expectReadOrRefused(bytes: Uint8Array): void {
    for (const read of [readModel, readMetadata]) {
      try {
        read(bytes);
      } catch (error) {
        if (!isAttuneError(error, "ONNX_PARSE")) throw error;
        expect(error.details.byteOffset).toBeLessThanOrEqual(bytes.length);
      }
    }
  }

  const sample = sampleFile();

  test("cut anywhere: refused, never a shorter model", () => {
    fc.assert(
      fc.property(fc.nat({ max: sample.length - 1 }), (length) => {
        const cut = sample.subarray(0, length);
        expectReadOrRefused(cut);
        // The graph comes first and last records follow it, so a cut inside it must show.
        if (length < sample.length - 100) expect(() => readModel(cut)).toThrow("is not an ONNX file");
      }),
      { numRuns: 300 },
    );
  });

  test("flipped bytes", () => {
    const flips = fc.array(fc.tuple(fc.nat({ max: sample.length - 1 }), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(flips, (changes) => {
        const bytes = sample.slice();
        for (const [at, mask] of changes) bytes[at] = (bytes[at] ?? 0) ^ mask;
        expectReadOrRefused(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test("random bytes, bare and as a graph", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expectReadOrRefused(bytes);
        expectReadOrRefused(
          encodeMessage((out) => {
            out.int(1, 8);
            out.bytes(7, bytes);
          }),
        );
      }),
      { numRuns: 1000 },
    );
  });
});

// Quadratic, this took minutes.
test("a LabelEncoder of another tool with 300,000 keys is read", () => {
  const keys = Array.from({ length: 300_000 }, (_, index) => `key-${index}`);
  const file = attributeFile((out) => {
    out.string(1, "keys_strings");
    out.int(20, 8);
    for (const key of keys) out.string(9, key);
  });
  expect(readModel(file).graph.nodes[0]?.attributes.keys_strings).toEqual({ type: "strings", value: keys });
});
