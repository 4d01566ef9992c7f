/** Shapes that no tensor has, and data that is not the shape's. */
import { isRefused } from "../../expectations/answers.ts";
import { rawNumber } from "../../protocol/json-text.ts";
import { casesOf } from "../case.ts";
import { spec } from "../documents.ts";
import { filledInput, hasElements } from "../needs.ts";
import { alteredInput, infer } from "../requests.ts";

const requestInput = spec("text", "Request Input");
const saysShape = "Each dimension must be an integer representable as an unsigned 64-bit integer value.";
const tensorData = spec("required", "Tensor Data");
const saysData = "The size of the content must match what is expected by the tensor's shape and data type.";

export const shapeCases = casesOf("robustness", "infer", [
  {
    id: "robustness.shape-2-64",
    level: "must",
    title: "A size of 2⁶⁴ is refused",
    spec: requestInput,
    says: saysShape,
    send: (facts) =>
      infer(
        facts,
        alteredInput(facts, () => ({ shape: [rawNumber("18446744073709551616")] })),
      ),
    expect: isRefused,
  },
  {
    id: "robustness.shape-overflow",
    level: "must",
    title: "Sizes whose product passes 2⁶⁴ are refused",
    spec: spec("tritonTests", "http_test.py, overflow of shapes"),
    says: "A product that wraps around would be taken for a small tensor.",
    send: (facts) => {
      const size = rawNumber("4294967296");
      return [
        infer(
          facts,
          alteredInput(facts, () => ({ shape: [size, size] })),
        ),
        infer(
          facts,
          alteredInput(facts, ({ shape }) => ({ shape: [size, size, ...shape] })),
        ),
      ];
    },
    expect: isRefused,
  },
  {
    id: "robustness.shape-huge",
    level: "must",
    title: "A huge shape with little data is refused, and no room is made for it",
    spec: tensorData,
    says: saysData,
    send: (facts) =>
      infer(
        facts,
        alteredInput(facts, ({ shape }) => ({ shape: shape.map(() => 1_000_000_000) })),
      ),
    needs: [filledInput],
    expect: isRefused,
  },
  {
    id: "robustness.shape-negative",
    level: "must",
    title: "A negative size is refused",
    spec: requestInput,
    says: saysShape,
    send: (facts) => [
      infer(
        facts,
        alteredInput(facts, ({ shape }) => ({ shape: [-1, ...shape.slice(1)] })),
      ),
      // Two of them have the product that fits.
      infer(
        facts,
        alteredInput(facts, ({ shape }) => ({ shape: [-1, -1, ...shape] })),
      ),
    ],
    expect: isRefused,
  },
  {
    id: "robustness.shape-not-integers",
    level: "must",
    title: "Sizes that are fractions, texts, lists or null are refused",
    spec: requestInput,
    says: saysShape,
    send: (facts) =>
      [[1.5], ["1"], [[1]], [null], "1", 1, {}].map((shape) =>
        infer(
          facts,
          alteredInput(facts, () => ({ shape })),
        ),
      ),
    expect: isRefused,
  },
  {
    id: "robustness.data-shorter",
    level: "must",
    title: "Less data than the shape says is refused",
    spec: tensorData,
    says: saysData,
    needs: [filledInput],
    send: (facts) =>
      infer(
        facts,
        alteredInput(facts, ({ data }) => ({ data: data!.slice(1) }), hasElements),
      ),
    expect: isRefused,
  },
  {
    id: "robustness.data-longer",
    level: "must",
    title: "More data than the shape says is refused",
    spec: tensorData,
    says: saysData,
    needs: [filledInput],
    send: (facts) =>
      infer(
        facts,
        alteredInput(facts, ({ data }) => ({ data: [...data!, data![0]] }), hasElements),
      ),
    expect: isRefused,
  },
  {
    id: "robustness.data-not-a-list",
    level: "must",
    title: "data that is an object, a text or null is refused",
    spec: spec("yaml", "tensor_data"),
    says: "tensor_data is of type array.",
    send: (facts) =>
      [{ 0: 1 }, "1", null].map((data) =>
        infer(
          facts,
          alteredInput(facts, () => ({ data })),
        ),
      ),
    expect: isRefused,
  },
]);
