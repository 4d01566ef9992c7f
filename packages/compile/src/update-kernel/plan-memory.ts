/** Where each tensor of an update program lies in the kernel's memory. */
import type { UpdateGroup, UpdateProgram, UpdateTable } from "@attune/trace";

export interface Layout {
  /** Length of what is planned; rows of a batch go behind it. */
  readonly bytes: number;
  readonly scalarAddress: number;
  /** Tables by name. */
  readonly tables: ReadonlyMap<string, TableLayout>;
  /** Of a state, or of a gradient that lies in memory as a whole. */
  addressOf(name: string): number;
  /** Zeros of each thread, for the gradient of one bin's rows. */
  stripOf(thread: number): number;
}

/** A table gradient: what a batch adds to it lies in bins, each for some neighbouring rows of the table. */
export interface TableLayout {
  readonly rowBytes: number;
  readonly rowCount: number;
  /** A bin holds 2 to the power of this many rows. */
  readonly binShift: number;
  readonly binCount: number;
  /** Where the addresses of the bins' first entries lie: one for each bin, one behind the last, and one to spare. */
  readonly binsAt: number;
}

/** Tensors start at a cache line, so the padding to whole registers lies inside. */
const cacheLine = 64;

/** Most of what one bin's rows take: enough for few bins, and little enough to stay in a near cache. */
const stripBytes = 32_768;

export function alignAddress(bytes: number): number {
  return Math.ceil(bytes / cacheLine) * cacheLine;
}

/** The table that is all the gradient of a group: the update makes it bin by bin, and it never lies in memory as a whole. */
export function streamedTable(program: UpdateProgram, { gradients }: UpdateGroup): UpdateTable | undefined {
  const table = program.tables.find(({ name }) => name === gradients[0]);
  return gradients.length === 1 && table?.dense === undefined ? table : undefined;
}

/** Gradients of a group that lie in memory as a whole. */
export function wholeGradients(program: UpdateProgram, group: UpdateGroup): readonly string[] {
  return streamedTable(program, group) === undefined ? group.gradients : [];
}

/** Scalars first, then the tensors of each group: states, and the gradients they are updated by. */
export function planMemory(program: UpdateProgram, threadCount: number): Layout {
  const addresses = new Map<string, number>();
  let end = alignAddress(4 * Math.max(1, program.scalars.length));
  const take = (bytes: number) => {
    const address = end;
    end += alignAddress(bytes);
    return address;
  };
  for (const group of program.groups) {
    for (const name of [...group.states, ...wholeGradients(program, group)]) {
      if (!addresses.has(name)) addresses.set(name, take(4 * group.size));
    }
  }
  const tables = new Map<string, TableLayout>();
  for (const { name, width } of program.tables) {
    const group = program.groups.find(({ gradients }) => gradients.includes(name));
    const rowBytes = 4 * width;
    const rowCount = (group?.size ?? 0) / width;
    const binShift = shiftFor(rowBytes);
    const binCount = Math.ceil(rowCount / 2 ** binShift);
    const binsAt = take(4 * (binCount + 2));
    tables.set(name, { rowBytes, rowCount, binShift, binCount, binsAt });
  }
  const strip = Math.max(0, ...Array.from(tables.values(), ({ rowBytes, binShift }) => rowBytes << binShift));
  const strips = take(threadCount * strip);
  return {
    bytes: end,
    scalarAddress: 0,
    tables,
    addressOf: (name) => addresses.get(name) ?? 0,
    stripOf: (thread) => strips + thread * strip,
  };
}

/** At least 16 rows: so many begin and end at cache lines, however wide they are. */
function shiftFor(rowBytes: number): number {
  return Math.max(4, Math.floor(Math.log2(stripBytes / rowBytes)));
}
