/** Elements and datatypes that are wrong, and numbers that JSON readers round. */
import { blamesTheClient, hasErrorBody, isError, isRefused, shown } from "../../expectations/answers.ts";
import { onEach } from "../../expectations/expectation.ts";
import { rawNumber, toJsonText } from "../../protocol/json-text.ts";
import type { Tensor } from "../../protocol/tensor.ts";
import { casesOf } from "../case.ts";
import { spec } from "../documents.ts";
import {
  bytesInput,
  filledInput,
  hasElements,
  isBytes,
  isNumeric,
  isUnfloated,
  isWide,
  numberInput,
  unfloatedInput,
  wideInput,
} from "../needs.ts";
import { alteredInput, infer, inferBytes } from "../requests.ts";

const datatypeTable = spec("required", "Tensor Data Types");

/** 2⁵³ + 1: the first integer that a double cannot hold. */
const unsafe = "9007199254740993";
const rounded = "9007199254740992";

/** The first element is another. */
function withFirst(element: unknown): (input: Tensor) => { data: readonly unknown[] } {
  return ({ data }) => ({ data: [element, ...data!.slice(1)] });
}

const filled = (fits: (input: Tensor) => boolean) => (input: Tensor) => fits(input) && hasElements(input);

export const valueCases = casesOf("robustness", "infer", [
  {
    id: "robustness.unsafe-integer",
    level: "must",
    title: "An INT64 beyond 2⁵³ is refused or kept, never rounded",
    spec: datatypeTable,
    says: "INT64 and UINT64 have eight bytes; JSON readers that make doubles of them round silently.",
    note: "Seen from outside by the answer: it must not hold the rounded number.",
    needs: [wideInput, filledInput],
    send: (facts) => infer(facts, alteredInput(facts, withFirst(rawNumber(unsafe)), filled(isWide))),
    expect: [
      onEach("a refusal, or an answer without the rounded number", (answer, facts) => {
        if (answer.status !== 200)
          return isError.check([answer], facts) ?? hasErrorBody.check([answer], facts);
        return answer.body.includes(rounded) ? `sent ${unsafe}, got ${rounded}: ${shown(answer)}` : undefined;
      }),
    ],
  },
  {
    id: "robustness.integer-range",
    level: "must",
    title: "An INT64 beyond 2⁶³ is refused",
    spec: datatypeTable,
    says: "INT64 and UINT64 have eight bytes.",
    needs: [wideInput, filledInput],
    send: (facts) =>
      infer(facts, alteredInput(facts, withFirst(rawNumber("18446744073709551616")), filled(isWide))),
    expect: isRefused,
  },
  {
    id: "robustness.unknown-datatype",
    level: "must",
    title: "A datatype that is not in the table is refused",
    spec: datatypeTable,
    says: "The data-type of the input tensor elements is as defined in Tensor Data Types.",
    send: (facts) =>
      ["FP128", "", 7].map((datatype) =>
        infer(
          facts,
          alteredInput(facts, () => ({ datatype })),
        ),
      ),
    expect: isRefused,
  },
  {
    id: "robustness.wrong-datatype",
    level: "should",
    title: "Another datatype than the model's is refused",
    spec: spec("text", "Request Input"),
    says: "datatype: the data-type of the input tensor elements.",
    note: "A warning only: servers may convert.",
    send: (facts) =>
      infer(
        facts,
        alteredInput(facts, ({ datatype }) => ({ datatype: datatype === "BOOL" ? "FP64" : "BOOL" })),
      ),
    expect: isRefused,
  },
  {
    id: "robustness.text-for-number",
    level: "should",
    title: "A text among numbers is refused",
    spec: spec("required", "Tensor Data"),
    says: "The contents are of the tensor's data type.",
    needs: [numberInput, filledInput],
    send: (facts) => infer(facts, alteredInput(facts, withFirst("not a number"), filled(isNumeric))),
    expect: isRefused,
  },
  {
    id: "robustness.number-for-text",
    level: "should",
    title: "A number among texts is refused",
    spec: spec("required", "Tensor Data"),
    says: "The contents are of the tensor's data type.",
    needs: [bytesInput, filledInput],
    send: (facts) => infer(facts, alteredInput(facts, withFirst(7), filled(isBytes))),
    expect: isRefused,
  },
  {
    id: "robustness.null-element",
    level: "should",
    title: "null among integers, booleans or texts is refused",
    spec: spec("yaml", "tensor_data"),
    says: "Elements are numbers, texts, booleans or lists of them.",
    note: "Not asked of floating point: some servers take null for NaN there, which JSON does not have.",
    needs: [unfloatedInput],
    send: (facts) => infer(facts, alteredInput(facts, withFirst(null), isUnfloated)),
    expect: isRefused,
  },
  {
    id: "robustness.not-a-number",
    level: "should",
    title: "NaN and Infinity, which JSON does not have, are refused",
    spec: spec("json", "section 6, Numbers"),
    says: "Numeric values that cannot be represented in the grammar (such as Infinity and NaN) are not permitted.",
    note: "A warning only: Triton and Python's reader take them.",
    needs: [numberInput, filledInput],
    send: (facts) =>
      ["NaN", "Infinity"].map((word) =>
        inferBytes(facts, toJsonText(alteredInput(facts, withFirst(rawNumber(word)), filled(isNumeric)))),
      ),
    expect: [isError, blamesTheClient],
  },
]);
