/** Runs an update program in place, by a WebAssembly function made for it. State and gradients live in its memory. */
import { AttuneError, type Tensor } from "@attune/contracts";
import { computeUpdateScalars, type UpdateGroup, type UpdateProgram } from "@attune/trace";
import { compileGroup, groupKey, laneBytes } from "./compile-group.ts";
import { encodeModule } from "./wasm-module.ts";

type Float32Tensor = Tensor<"float32">;

/** What is used of WebAssembly, which the ES library does not describe. */
interface WebAssemblyHost {
  readonly Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, (...addresses: number[]) => void>> };
}

declare const WebAssembly: WebAssemblyHost;

export interface UpdateKernel {
  /** Each state tensor of the program's groups, by name: views into the kernel's memory. */
  readonly states: Readonly<Record<string, Float32Tensor>>;
  /** Tensors that the gradient graph is to fill, by the names of its outputs. */
  readonly gradients: Readonly<Record<string, Float32Tensor>>;
  /**
   * Overwrites the states, scalar ones too.
   *
   * @param scalarOutputs - rank-0 outputs of the gradient graph.
   */
  apply(learningRate: number, scalarOutputs: Readonly<Record<string, number>>): void;
}

/**
 * @param initial - the first values of all states, by name.
 * @throws {AttuneError} `TRAIN_TOO_LARGE` when state and gradients do not fit the 4 GiB that WebAssembly can address.
 */
export function createUpdateKernel(
  program: UpdateProgram,
  initial: Readonly<Record<string, Float32Tensor>>,
): UpdateKernel {
  const layout = planMemory(program);
  const memory = allocate(layout.bytes);
  const view = (name: string, dims: readonly number[], size: number): Float32Tensor => {
    const data = new Float32Array(memory.buffer, layout.addressOf(name), size);
    return { dtype: "float32", dims, data };
  };
  const states: Record<string, Float32Tensor> = {};
  const gradients: Record<string, Float32Tensor> = {};
  for (const group of program.groups) {
    for (const name of group.states) {
      const { dims, data } = initial[name] as Float32Tensor;
      const state = view(name, dims, group.size);
      state.data.set(data);
      states[name] = state;
    }
    const dims = initial[group.states[0] ?? ""]?.dims ?? [group.size];
    for (const name of group.gradients) gradients[name] = view(name, dims, group.size);
  }
  const scalarStates = new Map(
    program.scalarResults.map(({ name }) => [name, Float32Array.from((initial[name] as Float32Tensor).data)]),
  );
  for (const [name, data] of scalarStates) states[name] = { dtype: "float32", dims: [], data };
  const scalars = new Float32Array(memory.buffer, layout.scalarAddress, program.scalars.length);
  const runs = compileGroups(program, memory, layout);

  return {
    states,
    gradients,
    apply(learningRate, scalarOutputs) {
      const read = (name: string) => scalarStates.get(name)?.[0] ?? scalarOutputs[name] ?? Number.NaN;
      scalars.set(computeUpdateScalars(program, learningRate, read));
      for (const run of runs) run();
      for (const { name, scalar } of program.scalarResults)
        scalarStates.get(name)?.fill(scalars[scalar] ?? 0);
    },
  };
}

interface Layout {
  readonly bytes: number;
  readonly scalarAddress: number;
  addressOf(name: string): number;
}

const pageBytes = 65_536;
const mostPages = 65_536;

/** Every tensor starts at a cache line and is padded to whole registers. */
function planMemory({ groups, scalars }: UpdateProgram): Layout {
  const cacheLine = 64;
  const align = (bytes: number) => Math.ceil(bytes / cacheLine) * cacheLine;
  const addresses = new Map<string, number>();
  let end = align(4 * scalars.length);
  for (const { states, gradients, size } of groups) {
    for (const name of [...states, ...gradients]) {
      if (addresses.has(name)) continue;
      addresses.set(name, end);
      end += align(4 * size);
    }
  }
  return { bytes: end, scalarAddress: 0, addressOf: (name) => addresses.get(name) ?? 0 };
}

function allocate(bytes: number): { readonly buffer: ArrayBuffer } {
  const pages = Math.max(1, Math.ceil(bytes / pageBytes));
  if (pages > mostPages) {
    throw new AttuneError("TRAIN_TOO_LARGE", {
      kind: "training",
      what: "state and gradients",
      bytes,
      limitBytes: pageBytes * mostPages,
      hint: "use smaller tables, or an optimizer with fewer slots",
    });
  }
  return new WebAssembly.Memory({ initial: pages });
}

/** One call for each group; groups that do the same share the code. */
function compileGroups(
  { groups }: UpdateProgram,
  memory: { readonly buffer: ArrayBuffer },
  layout: Layout,
): readonly (() => void)[] {
  const names = new Map<string, string>();
  const functions = groups.flatMap((group) => {
    const key = groupKey(group);
    if (names.has(key)) return [];
    const name = `update_${names.size}`;
    names.set(key, name);
    return [compileGroup(name, group)];
  });
  if (functions.length === 0) return [];
  const module = new WebAssembly.Module(encodeModule(functions));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return groups.map((group) => {
    const update = exports[names.get(groupKey(group)) ?? ""];
    const addresses = addressesOf(group, layout);
    return () => update?.(...addresses);
  });
}

function addressesOf({ size, states, gradients }: UpdateGroup, layout: Layout): number[] {
  const end = Math.ceil((4 * size) / laneBytes) * laneBytes;
  return [end, ...[...states, ...gradients].map(layout.addressOf), layout.scalarAddress];
}
