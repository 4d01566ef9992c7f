/** Rows whose answer is known: a line in x, a level of its own for each colour, and "high" where that level is. */
import {
  type ClassifyDataset,
  type Column,
  eventRole,
  type HierarchicalDataset,
  type PredictTask,
  type RegressDataset,
  schemaOf,
  type Table,
} from "@attune/contracts";
import { createRandom } from "@attune/numeric";

const rowCount = 300;
const random = createRandom(5);
const x = Float64Array.from({ length: rowCount }, () => Math.fround(random.normal()));
const colour = Int32Array.from({ length: rowCount }, () => random.integer(2));
const shade = colour.map((code) => 2 * code + random.integer(2));
const line = x.map((value) => 2 * value + 0.3 * random.normal());
const levels = x.map((_, row) => (colour[row] === 0 ? 3 : -3) + random.normal());
const missing = Uint8Array.from(x, (_, row) => (row % 29 === 0 ? 1 : 0));
const roles = Uint8Array.from(x, (_, row) =>
  row % 10 < 6 ? eventRole.train : row % 10 < 8 ? eventRole.validation : eventRole.test,
);
const number: Column = { name: "x", kind: "number", data: x, missing };
const category: Column = { name: "colour", kind: "category", codes: colour, levels: ["red", "blue"] };
const finer: Column = {
  name: "shade",
  kind: "category",
  codes: shade,
  levels: ["rose", "wine", "sky", "navy"],
};

const onLine: Column = { name: "y", kind: "number", data: line };
const byColour: Column = { name: "y", kind: "number", data: levels };
const label: Column = {
  name: "side",
  kind: "category",
  codes: Int32Array.from(levels, (one) => (one > 0 ? 1 : 0)),
  levels: ["low", "high"],
};

function manifestOf<T extends PredictTask>(task: T, table: Table, target: string) {
  return {
    schemaVersion: 2,
    task,
    name: "toy",
    key: "0123456789abcdef",
    source: { file: "toy.csv", sha256: "0".repeat(64), rows: rowCount },
    roles: { train: 180, validation: 60, test: 60 },
    rules: [],
    split: { kind: "random" },
    files: {},
    engine: { name: "fixture", version: "1" },
    notes: [],
    measured: { rows: rowCount },
    released: { rows: rowCount },
    columns: schemaOf(table).map(({ name, kind, levels }) => ({
      name,
      kind,
      ...(levels && { levels: [...levels] }),
    })),
    target,
  } as const;
}

const table: Table = { rowCount, columns: [number, category] };
const nested: Table = { rowCount, columns: [category, finer] };

export const classifyDataset: ClassifyDataset = {
  task: "classify",
  manifest: { ...manifestOf("classify", table, "side"), rules: [], notes: [] },
  rows: { table, target: label, roles },
};
export const regressDataset: RegressDataset = {
  task: "regress",
  manifest: { ...manifestOf("regress", table, "y"), rules: [], notes: [] },
  rows: { table, target: onLine, roles },
};
export const hierarchicalDataset: HierarchicalDataset = {
  task: "hierarchical",
  manifest: { ...manifestOf("hierarchical", nested, "y"), rules: [], notes: [], levels: ["colour", "shade"] },
  rows: { table: nested, target: byColour, roles },
  levels: ["colour", "shade"],
};
