/** Where each tensor of an update program lies in the kernel's memory. */
import type { UpdateProgram } from "@attune/trace";

export interface Layout {
  /** Length of what is planned; rows of a batch go behind it. */
  readonly bytes: number;
  readonly scalarAddress: number;
  addressOf(name: string): number;
}

/** Tensors start at a cache line, so the padding to whole registers lies inside. */
const cacheLine = 64;

export function alignAddress(bytes: number): number {
  return Math.ceil(bytes / cacheLine) * cacheLine;
}

/** Scalars first, then the tensors of each group: states, and the gradients they are updated by. */
export function planMemory({ groups, scalars }: UpdateProgram): Layout {
  const addresses = new Map<string, number>();
  let end = alignAddress(4 * Math.max(1, scalars.length));
  for (const { states, gradients, size } of groups) {
    for (const name of [...states, ...gradients]) {
      if (addresses.has(name)) continue;
      addresses.set(name, end);
      end += alignAddress(4 * size);
    }
  }
  return { bytes: end, scalarAddress: 0, addressOf: (name) => addresses.get(name) ?? 0 };
}
