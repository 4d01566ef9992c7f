/** From the tensors of a batch to one request a row: the same words that the other routes take. */
import type { HistoryEntry, PredictRequest, RawValue, RecommendRequest } from "@attune/contracts";
import type { ArtifactManifest, InputColumn } from "@attune/contracts/manifest";
import type { DecodedInputs, Tensors } from "./decode-inputs.ts";

type Row = RecommendRequest | PredictRequest;

/**
 * One request a row, without padding: `""` in lists, NaN and `""` where a value is missing. An input that is left out has
 * the default that it has in a request. The requests are not checked.
 */
export function toRequests({ tensors, rows }: DecodedInputs, manifest: ArtifactManifest): readonly Row[] {
  const toRow =
    manifest.task === "recommend"
      ? recommendRow(tensors, manifest.inputs)
      : predictRow(tensors, manifest.inputs);
  return Array.from({ length: rows }, (_, row) => toRow(row));
}

function recommendRow(tensors: Tensors, columns: readonly InputColumn[]): (row: number) => RecommendRequest {
  const k = (tensors.k?.data as BigInt64Array | undefined)?.[0];
  const sent = columns.filter(({ name }) => Object.hasOwn(tensors, name));
  return (row) => ({
    history: historyOf(tensors, row),
    ...(tensors.exclude && { exclude: textsOf(tensors, "exclude", row) }),
    ...(tensors.allow && { allow: textsOf(tensors, "allow", row) }),
    ...(sent.length > 0 && { features: valuesOf(tensors, sent, row) }),
    ...(k !== undefined && { k: Number(k) }),
  });
}

function predictRow(tensors: Tensors, columns: readonly InputColumn[]): (row: number) => PredictRequest {
  const sent = columns.filter(({ name }) => Object.hasOwn(tensors, name));
  return (row) => ({ inputs: valuesOf(tensors, sent, row) });
}

function historyOf(tensors: Tensors, row: number): HistoryEntry[] {
  const { history } = tensors;
  if (history === undefined) return [];
  const ids = history.data as readonly string[];
  const weights = tensors.history_weight?.data as Float32Array | undefined;
  const times = tensors.history_time?.data as Float64Array | undefined;
  const width = history.dims[1]!;
  const entries: HistoryEntry[] = [];
  for (let index = row * width; index < (row + 1) * width; index++) {
    const item = ids[index]!;
    if (item === "") continue;
    const weight = weights?.[index] ?? 1;
    const time = times?.[index] ?? Number.NaN;
    if (weight === 1 && Number.isNaN(time)) entries.push(item);
    else entries.push({ item, weight, ...(!Number.isNaN(time) && { time }) });
  }
  return entries;
}

/** A row's texts without padding. */
function textsOf(tensors: Tensors, name: string, row: number): string[] {
  const { data, dims } = tensors[name]!;
  const width = dims[1]!;
  return (data as readonly string[]).slice(row * width, (row + 1) * width).filter((text) => text !== "");
}

function valuesOf(tensors: Tensors, columns: readonly InputColumn[], row: number): Record<string, RawValue> {
  return Object.fromEntries(
    columns.map(({ name, kind }) => {
      if (kind === "set") return [name, textsOf(tensors, name, row)];
      const value = tensors[name]!.data[row] as number | string;
      return [name, Number.isNaN(value) ? null : value];
    }),
  );
}
