/** Pieces that the exports of several tasks share. */
import type { InputColumn } from "@attune/contracts/manifest";
import type { ColumnUse } from "@attune/features";
import type { GraphOrigin } from "../graph/metadata.ts";

interface OriginInput {
  readonly config: { readonly name: string };
  readonly dataset: { readonly key: string };
  readonly training: { readonly key: string };
}

export function originOf({ config, dataset, training }: OriginInput): GraphOrigin {
  return { name: config.name, dataKey: dataset.key, trainingKey: training.key };
}

/** A model's columns as the manifest lists them. */
export function inputColumns(columns: readonly ColumnUse[] = []): InputColumn[] {
  return columns.map(({ name, kind, levels }) => ({ name, kind, ...(levels && { levels: [...levels] }) }));
}

export function levelsOf(columns: readonly ColumnUse[] = []): readonly (readonly string[])[] {
  return columns.flatMap(({ levels }) => (levels ? [levels] : []));
}
