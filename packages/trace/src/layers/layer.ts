/** What the tracer knows of a tfjs layer: the parts of it that tfjs's types hide or that only some layers have. */
import type { Tensor } from "@tensorflow/tfjs-core";

/** Keyword arguments of `call`: `mask`, `training`, `initialState`, and what a custom layer takes. */
export type Kwargs = Readonly<Record<string, unknown>>;

export interface Layer {
  readonly name: string;
  call(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor | Tensor[];
  computeMask(inputs: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor | Tensor[];
  getClassName(): string;
}

/** By its parts, not `instanceof`: the model may come from another copy of tfjs-layers. */
export function isLayer(value: unknown): value is Layer {
  return (
    typeof value === "object" &&
    value !== null &&
    ["call", "computeMask", "getClassName", "apply"].every(
      (method) => typeof Reflect.get(value, method) === "function",
    )
  );
}

/** The class as tfjs saves it; `undefined` for a subclass that does not say it is another: it may compute anything. */
export function classNameOf(layer: Layer): string | undefined {
  return Object.hasOwn(layer.constructor, "className") ? layer.getClassName() : undefined;
}

/** The layer and all inside it: layers of nested models, what wrappers wrap, cells, layers that custom layers hold. */
export function listLayers(root: Layer): readonly Layer[] {
  const found = new Set<Layer>();
  const waiting = [root];
  for (let layer = waiting.pop(); layer !== undefined; layer = waiting.pop()) {
    if (found.has(layer)) continue;
    found.add(layer);
    waiting.push(...listInner(layer));
  }
  return [...found];
}

function listInner(layer: Layer): readonly Layer[] {
  const own = Object.entries(layer);
  // Of a model only its list counts: a Sequential also holds a second model of the same layers.
  const list = own.find(([name, value]) => name === "layers" && Array.isArray(value));
  return (list === undefined ? own : [list]).flatMap(([, value]) =>
    (Array.isArray(value) ? value : [value]).filter(isLayer),
  );
}
