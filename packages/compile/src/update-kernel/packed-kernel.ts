/** An update kernel whose small tensors lie in larger ones; to its user the states have their own names and shapes. */
import type { Tensor } from "@attune/contracts";
import type { Packing, SplitTraining } from "@attune/trace";
import { createUpdateKernel, type UpdateKernel, type UpdateKernelOptions } from "./update-kernel.ts";

type Float32Tensor = Tensor<"float32">;
type Float32Tensors = Readonly<Record<string, Float32Tensor>>;

/**
 * `states` and `targets` are those of the gradient graph, packed ones in place of their parts. `readState` and `writeState`
 * know the parts, and `apply` names them.
 *
 * @param initial - the first values of all states, by name.
 * @throws {AttuneError} `TRAIN_TOO_LARGE`, see `createUpdateKernel`.
 */
export function createPackedKernel(
  { program, packing }: Pick<SplitTraining, "program" | "packing">,
  initial: Float32Tensors,
  options: UpdateKernelOptions,
): UpdateKernel {
  if (packing === undefined) return createUpdateKernel(program, initial, options);
  const kernel = createUpdateKernel(program, { ...initial, ...pack(packing, initial) }, options);
  const isPacked = new Set(packing.states.map(({ name }) => name));
  return {
    get states() {
      return kernel.states;
    },
    get targets() {
      return kernel.targets;
    },
    beside: kernel.beside,
    readState() {
      const state = Object.entries(kernel.readState());
      const others = state.filter(([name]) => !isPacked.has(name));
      return { ...Object.fromEntries(others), ...unpack(packing, Object.fromEntries(state), initial) };
    },
    writeState: (state) => kernel.writeState({ ...state, ...pack(packing, state as Float32Tensors) }),
    apply(learningRate, outputs) {
      const broken = kernel.apply(learningRate, outputs);
      return broken !== undefined && isPacked.has(broken) ? findBroken(packing, kernel) : broken;
    },
    close: () => kernel.close(),
  };
}

/**
 * The numbers that came with the gradients, as scalars of their own. Leaves 0 in their places, which the update walks
 * over as well.
 *
 * @param outputs - what the gradient graph gave.
 */
export function takeNumbers(
  { gradient, numbers, length }: Packing,
  outputs: Readonly<Record<string, Tensor>>,
): Readonly<Record<string, number>> {
  const { data } = outputs[gradient] as Float32Tensor;
  const first = length - numbers.length;
  const taken: Record<string, number> = {};
  for (const [at, name] of numbers.entries()) taken[name] = data[first + at] ?? Number.NaN;
  data.fill(0, first);
  return taken;
}

function pack({ states, sizes, length }: Packing, tensors: Float32Tensors): Record<string, Float32Tensor> {
  const packed: Record<string, Float32Tensor> = {};
  for (const { name, parts } of states) {
    const data = new Float32Array(length);
    let at = 0;
    for (const [index, part] of parts.entries()) {
      data.set((tensors[part] as Float32Tensor).data, at);
      at += sizes[index] ?? 0;
    }
    packed[name] = { dtype: "float32", dims: [length], data };
  }
  return packed;
}

/** @param like - tensors with the parts' dims. */
function unpack(
  { states, sizes }: Packing,
  packed: Float32Tensors,
  like: Float32Tensors,
): Record<string, Float32Tensor> {
  const tensors: Record<string, Float32Tensor> = {};
  for (const { name, parts } of states) {
    let at = 0;
    for (const [index, part] of parts.entries()) {
      const end = at + (sizes[index] ?? 0);
      const { dims } = like[part] as Float32Tensor;
      tensors[part] = { dtype: "float32", dims, data: (packed[name] as Float32Tensor).data.slice(at, end) };
      at = end;
    }
  }
  return tensors;
}

/** The first state of the part whose gradient is not finite. */
function findBroken({ states, sizes, gradient }: Packing, { targets }: UpdateKernel): string | undefined {
  const place = targets[gradient]?.data.findIndex((value) => !Number.isFinite(value)) ?? -1;
  let end = 0;
  const part = sizes.findIndex((size) => {
    end += size;
    return place < end;
  });
  return states[0]?.parts[part];
}
