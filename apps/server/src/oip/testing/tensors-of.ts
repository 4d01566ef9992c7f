/** Requests of a task as the tensors that a client of the protocol would send for them: padded, with every input. */
import type { HistoryEntry, PredictRequest, RecommendRequest, Tensor } from "@attune/contracts";
import type { ArtifactManifest, InputColumn } from "@attune/contracts/manifest";
import { float32, float64, int64, strings } from "@attune/testkit";

type Tensors = Record<string, Tensor>;

export function tensorsOfRows(requests: readonly PredictRequest[], columns: readonly InputColumn[]): Tensors {
  return Object.fromEntries(
    columns.map(({ name, kind }) => {
      const values = requests.map(({ inputs }) => inputs[name]);
      if (kind === "number") {
        return [
          name,
          float32(
            values.map((value) => (value ?? Number.NaN) as number),
            [values.length, 1],
          ),
        ];
      }
      if (kind === "set") return [name, padded(values.map((value) => (value ?? []) as readonly string[]))];
      return [
        name,
        strings(
          values.map((value) => (value ?? "") as string),
          [values.length, 1],
        ),
      ];
    }),
  );
}

export function tensorsOfHistories(
  requests: readonly RecommendRequest[],
  { inputs: columns, signature }: ArtifactManifest<"recommend">,
): Tensors {
  const histories = requests.map(({ history }) => history);
  const width = Math.max(0, ...histories.map((history) => history.length));
  const dims = [requests.length, width];
  const entries = histories.flatMap((history) => Array.from({ length: width }, (_, index) => history[index]));
  const timed = signature.inputs.some(({ name }) => name === "history_time");
  const k = requests[0]?.k;
  return {
    history: strings(entries.map(itemOf), dims),
    history_weight: float32(entries.map(weightOf), dims),
    ...(timed && { history_time: float64(entries.map(timeOf), dims) }),
    exclude: padded(requests.map(({ exclude = [] }) => exclude)),
    allow: padded(requests.map(({ allow = [] }) => allow)),
    ...tensorsOfRows(
      requests.map(({ features = {} }) => ({ inputs: features })),
      columns,
    ),
    ...(k !== undefined && { k: int64([BigInt(k)]) }),
  };
}

type Padded = HistoryEntry | undefined;
const itemOf = (entry: Padded) => (typeof entry === "string" ? entry : (entry?.item ?? ""));
const weightOf = (entry: Padded) =>
  typeof entry === "object" ? (entry.weight ?? 1) : entry === undefined ? 0 : 1;
const timeOf = (entry: Padded) => (typeof entry === "object" ? (entry.time ?? Number.NaN) : Number.NaN);

function padded(lists: readonly (readonly string[])[]): Tensor {
  const width = Math.max(0, ...lists.map((list) => list.length));
  return strings(
    lists.flatMap((list) => Array.from({ length: width }, (_, index) => list[index] ?? "")),
    [lists.length, width],
  );
}
