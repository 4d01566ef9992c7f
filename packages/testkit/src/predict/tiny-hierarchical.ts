/** A mean per shop, else per region, else for all; wider the less is known. */
import type { ValueInfo } from "@attune/contracts";
import type { InputColumn } from "@attune/contracts/manifest";
import { columnInputs, type TinyRow } from "../columns/tiny-columns.ts";
import { collectNodes } from "../graph-nodes.ts";
import { encodeOnnx } from "../onnx-bytes.ts";
import { float32, int64, strings } from "../tensors.ts";
import type { TinyTask } from "./tiny-task.ts";

const levels = ["region", "shop"] as const;
const known = {
  region: { north: 2, 南: -1 },
  shop: { "1": 4, "2": 0.5 },
} as const satisfies Record<(typeof levels)[number], Record<string, number>>;
const populationMean = 1;
const halfWidth = { shop: 0.5, region: 1, population: 2 } as const;
const pricePerUnit = -0.25;

const columns: readonly InputColumn[] = [
  { name: "region", kind: "category", levels: Object.keys(known.region) },
  { name: "shop", kind: "category", levels: Object.keys(known.shop) },
  { name: "price", kind: "number" },
];
const inputs = columnInputs(columns);
const numbers = ["mean", "lower", "upper"] as const;
const outputs: readonly ValueInfo[] = [
  ...numbers.map((name) => ({ name, dtype: "float32", dims: ["batch"] }) as const),
  { name: "level", dtype: "string", dims: ["batch"] },
];

function groupMean(level: (typeof levels)[number], row: TinyRow): number | undefined {
  const means: Readonly<Record<string, number>> = known[level];
  const name = row[level];
  return typeof name === "string" && Object.hasOwn(means, name) ? means[name] : undefined;
}

export const tinyHierarchical: TinyTask<"hierarchical"> = {
  task: "hierarchical",
  columns,
  signature: { inputs, outputs },
  encode() {
    const { nodes, node } = collectNodes();
    for (const level of levels) {
      node(`${level}_mean`, "LabelEncoder", level, {
        keys_tensor: strings(Object.keys(known[level])),
        values_tensor: float32(Object.values(known[level])),
        default_tensor: float32([Number.NaN]),
      });
      node(`${level}_is_unknown`, "IsNaN", `${level}_mean`);
    }
    node("wide_mean", "Where", "region_is_unknown population_mean region_mean");
    node("group_mean", "Where", "shop_is_unknown wide_mean shop_mean");
    node("wide_half", "Where", "region_is_unknown half_population half_region");
    node("half", "Where", "shop_is_unknown wide_half half_shop");
    node("wide_level", "Where", "region_is_unknown name_population name_region");
    node("level_column", "Where", "shop_is_unknown wide_level name_shop");
    node("price_is_missing", "IsNaN", "price");
    node("price_or_zero", "Where", "price_is_missing zero price");
    node("price_effect", "Mul", "price_or_zero per_unit");
    node("mean_column", "Add", "group_mean price_effect");
    node("lower_column", "Sub", "mean_column half");
    node("upper_column", "Add", "mean_column half");
    for (const name of [...numbers, "level"]) node(name, "Squeeze", `${name}_column axis`);
    const constants = {
      axis: int64([1n]),
      zero: float32([0], []),
      per_unit: float32([pricePerUnit], []),
      population_mean: float32([populationMean], []),
      ...Object.fromEntries(
        Object.entries(halfWidth).flatMap(([name, half]) => [
          [`half_${name}`, float32([half], [])],
          [`name_${name}`, strings([name], [])],
        ]),
      ),
    };
    return encodeOnnx({ inputs, outputs, nodes, constants });
  },
  predict(row) {
    const shop = groupMean("shop", row);
    const region = groupMean("region", row);
    const level = shop !== undefined ? "shop" : region !== undefined ? "region" : "population";
    const price = typeof row.price === "number" ? Math.fround(row.price) : 0;
    const mean = Math.fround((shop ?? region ?? populationMean) + price * pricePerUnit);
    const half = halfWidth[level];
    return { mean, lower: Math.fround(mean - half), upper: Math.fround(mean + half), level };
  },
  outputs: (answers) => ({
    ...Object.fromEntries(numbers.map((name) => [name, float32(answers.map((answer) => answer[name]))])),
    level: strings(answers.map(({ level }) => level)),
  }),
  rows: {
    group: { region: "north", shop: "1", price: 3 },
    "unseen-group": { region: "南", shop: "77", price: 0.1 },
    "unseen-groups": { region: "east", shop: "77", price: -2 },
    missing: { region: null, shop: null, price: null },
  },
  golden: (rows) => ({ schemaVersion: 2, task: "hierarchical", reference: "plain TypeScript", rows }),
  manifest: (fields) => ({ ...fields, task: "hierarchical", levels: [...levels] }),
};
