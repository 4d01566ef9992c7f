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
  /** Room of each thread for the gradient of some rows of a table. */
  stripOf(thread: number): number;
}

/** A table gradient: its rows are linked in a list for each row of the table. */
export interface TableLayout {
  readonly rowBytes: number;
  readonly rowCount: number;
  /** Address of the lists' first links. */
  readonly heads: number;
  /** How many rows' gradients lie in memory at a time. */
  readonly rowsAtATime: number;
}

/** Tensors start at a cache line, so the padding to whole registers lies inside. */
const cacheLine = 64;

/** What the first cache of a processor holds beside the states' rows. */
const stripBytes = 16_384;

export function alignAddress(bytes: number): number {
  return Math.ceil(bytes / cacheLine) * cacheLine;
}

/** The table that is all the gradient of a group, and whose rows the update takes from where they are. */
export function streamedTable(
  { tables }: UpdateProgram,
  { gradients }: UpdateGroup,
): UpdateTable | undefined {
  const table = tables.find(({ name }) => name === gradients[0]);
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
    tables.set(name, {
      rowBytes,
      rowCount,
      heads: take(4 * rowCount),
      rowsAtATime: rowsAtATime(rowBytes),
    });
  }
  const strip = Math.max(0, ...Array.from(tables.values(), (table) => table.rowsAtATime * table.rowBytes));
  const strips = take(threadCount * strip);
  return {
    bytes: end,
    scalarAddress: 0,
    tables,
    addressOf: (name) => addresses.get(name) ?? 0,
    stripOf: (thread) => strips + thread * strip,
  };
}

/** So many rows begin and end at cache lines, however wide they are. */
function rowsAtATime(rowBytes: number): number {
  const rows = cacheLine / 4;
  return rows * Math.max(1, Math.floor(stripBytes / (rows * rowBytes)));
}
