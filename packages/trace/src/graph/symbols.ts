/** Numbers that hang on symbols, as values of the graph: Shape and whole arithmetic. */
import type { Tensor } from "@attune/contracts";
import { float32Tensor, type GraphBuilder, int32Tensor, int64Tensor, type Value } from "@attune/onnx";
import { constantOf, type Expression, expressionKey } from "./expression.ts";
import type { GraphValue } from "./graph.ts";

/** A value that has a symbol as one of its sizes, or that is the number itself. */
export interface SymbolSource {
  readonly value: Value;
  /** `undefined` = the value is a scalar, and the number. */
  readonly axis: number | undefined;
}

export interface Symbols {
  /** A tensor of numbers that hang on symbols. */
  tensor(value: GraphValue, elements: readonly Expression[]): Value;
}

/** @param sourceOf - where a symbol can be read off; asked once for each. */
export function createSymbols(graph: GraphBuilder, sourceOf: (symbol: string) => SymbolSource): Symbols {
  const scope = graph.scope("sizes");
  const cache = new Map<string, Value>();

  function memo(key: string, make: () => Value): Value {
    const found = cache.get(key);
    if (found !== undefined) return found;
    const made = make();
    cache.set(key, made);
    return made;
  }

  /** One symbol as a vector of one element: int64 for a size, float32 for a scalar input. */
  function symbol(name: string): Value {
    return memo(`symbol ${name}`, () => {
      const { value, axis } = sourceOf(name);
      if (axis === undefined) return scope.node("Reshape", [value, scope.constant("one", int64Tensor([1]))]);
      const attributes = { start: axis, end: axis + 1 };
      return scope.node("Shape", [value], { attributes, name: name.startsWith("?") ? "size" : name });
    });
  }

  function number(value: number, dtype: Value["dtype"]): Value {
    return scope.constant("number", numberTensor(value, dtype));
  }

  /** In whole numbers, since half of a size is one too. */
  function multiplyWhole(value: Value, coefficient: number): Value {
    const divisor = denominatorOf(coefficient);
    const factor = Math.round(coefficient * divisor);
    const product = factor === 1 ? value : scope.node("Mul", [value, number(factor, "int64")]);
    return divisor === 1 ? product : scope.node("Div", [product, number(divisor, "int64")]);
  }

  /** An expression as a vector of one element of the dtype. */
  function element(expression: Expression, dtype: Value["dtype"]): Value {
    return memo(`${dtype} ${expressionKey(expression)}`, () => {
      const { coefficient, symbols, offset, isInverse } = expression;
      if (symbols.length === 0) return number(offset, dtype);
      // Sizes are whole: exact in int64, rounded once. A float scalar or an inverse asks for floats throughout.
      const parts = symbols.map(symbol);
      const isFloat = dtype === "float32" || dtype === "float64";
      const inner = isFloat ? dtype : "int64";
      let value = parts
        .map((part) => cast(part, inner))
        .reduce((product, part) => scope.node("Mul", [product, part]));
      if (isInverse) value = scope.node("Div", [number(coefficient, inner), value]);
      else if (isFloat && coefficient !== 1) value = scope.node("Mul", [value, number(coefficient, inner)]);
      else if (!isFloat) value = multiplyWhole(value, coefficient);
      if (offset !== 0) value = scope.node("Add", [value, number(offset, inner)]);
      return cast(value, dtype);
    });
  }

  function cast(value: Value, dtype: Value["dtype"]): Value {
    return value.dtype === dtype
      ? value
      : memo(`${value.name} as ${dtype}`, () => scope.node("Cast", [value], { attributes: { to: dtype } }));
  }

  return {
    tensor({ dtype, dims }: GraphValue, elements: readonly Expression[]): Value {
      const shape = dims.map((dim) => constantOf(dim) ?? 0);
      return memo(`${dtype} [${shape.join()}] ${elements.map(expressionKey).join()}`, () => {
        const parts = elements.map((part) => element(part, dtype));
        const [only] = parts as [Value, ...Value[]];
        const vector =
          parts.length === 1 ? only : scope.node("Concat", parts, { attributes: { axis: 0 }, name: "shape" });
        return shape.length === 1
          ? vector
          : scope.node("Reshape", [vector, scope.constant("dims", int64Tensor(shape))]);
      });
    },
  };
}

/** The smallest whole number that makes the coefficient whole: it is the quotient of two sizes. */
function denominatorOf(coefficient: number): number {
  let divisor = 1;
  while (Math.abs(coefficient * divisor - Math.round(coefficient * divisor)) > 1e-9 * divisor) divisor++;
  return divisor;
}

function numberTensor(value: number, dtype: Value["dtype"]): Tensor {
  switch (dtype) {
    case "int64":
      return int64Tensor([value]);
    case "int32":
      return int32Tensor([value]);
    case "float64":
      return { dtype, dims: [1], data: Float64Array.of(value) };
    default:
      return float32Tensor([value]);
  }
}
