/** A shop's export as shops have them: seeded, mostly good, with every defect counted while it is written. */

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { type Seeded, seeded } from "@attune/testkit";

/** Kinds of rows that cannot be used, as the data step names them. */
export const brokenKinds = ["columns", "quotes", "encoding", "nul", "type", "time"] as const;
type BrokenKind = (typeof brokenKinds)[number];

export interface DirtyCounts {
  /** Rows under the header, good and bad. */
  rows: number;
  broken: Record<BrokenKind, number>;
  /** Rows without a user or an item: no bad rows, a rule drops them. */
  missingIds: number;
  /** Good rows by type, in every spelling. */
  types: Record<string, number>;
}

const userCount = 500;
const groupCount = 8;
const itemsPerGroup = 10;
/** A row in this many is broken, of each kind in turn; a row in `emptyEvery` lacks an id. */
const brokenEvery = 250;
const emptyEvery = 97;

/** Two spellings of two types among them. */
const types = ["view", "View", "add-to-cart", "buy", "Buy "] as const;

const header = "customerId,event_type,productId,created_at,page\n";

/**
 * People come back to the things of their own group nine times in ten, so that a model has something to learn.
 *
 * @returns what was written; the same every time.
 */
export async function writeDirtyShop(file: string, rowCount: number): Promise<DirtyCounts> {
  const random = seeded(2024);
  const counts: DirtyCounts = {
    rows: rowCount,
    broken: { columns: 0, quotes: 0, encoding: 0, nul: 0, type: 0, time: 0 },
    missingIds: 0,
    types: Object.fromEntries(types.map((type) => [type, 0])),
  };
  const out = createWriteStream(file);
  out.write(header);
  for (let row = 0; row < rowCount; row++) {
    const line = nextLine(random, row, counts);
    if (!out.write(line)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
  return counts;
}

function nextLine(random: Seeded, row: number, counts: DirtyCounts): string | Buffer {
  const user = random.integer(userCount);
  const group = random.integer(10) === 0 ? random.integer(groupCount) : user % groupCount;
  const cells = {
    user: `c${user}`,
    type: types[random.integer(types.length)]!,
    item: `p${group * itemsPerGroup + random.integer(itemsPerGroup)}`,
    time: timeOf(row, random.integer(5)),
  };
  if (row % brokenEvery === 1) {
    const kind = brokenKinds[Math.floor(row / brokenEvery) % brokenKinds.length]!;
    counts.broken[kind]++;
    return brokenLine(kind, cells, row);
  }
  if (row % emptyEvery === 0) {
    counts.missingIds++;
    return format(row % 2 === 0 ? { ...cells, user: "" } : { ...cells, item: "" });
  }
  counts.types[cells.type]!++;
  return format(cells);
}

interface Cells {
  readonly user: string;
  readonly type: string;
  readonly item: string;
  readonly time: string;
}

const format = ({ user, type, item, time }: Cells) => `${user},${type},${item},${time},"/shop, page"\n`;

function brokenLine(kind: BrokenKind, cells: Cells, row: number): string | Buffer {
  const { user, type, item, time } = cells;
  switch (kind) {
    case "columns":
      return row % 4 === 1 ? `${user},${type},${item}\n` : `${user},${type},${item},${time},/shop,one,more\n`;
    case "quotes":
      return `${user},"${type}"s,${item},${time},/shop\n`;
    case "encoding":
      return Buffer.from(`${user},${type},${item},${time},caf\xe9\n`, "latin1");
    case "nul":
      return format({ ...cells, item: `${item}\0` });
    case "type":
      return format({ ...cells, type: "" });
    case "time":
      return format({ ...cells, time: "yesterday" });
  }
}

/** One instant a row, ten minutes apart, with and without zones. */
function timeOf(row: number, form: number): string {
  const ms = Date.UTC(2022, 0, 1) + row * 600_000;
  const plain = new Date(ms).toISOString().slice(0, 19);
  const shifted = new Date(ms + 7_200_000).toISOString().slice(0, 19);
  if (form === 0) return `${plain}Z`;
  if (form === 1) return `${shifted}+02:00`;
  if (form === 2) return `${shifted}+0200`;
  if (form === 3) return `${plain.replace("T", " ")} UTC`;
  return plain;
}
