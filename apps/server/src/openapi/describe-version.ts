/** Narrows the document to the one version that answers: its route, its limits, its columns. */
import { rawValue, type TaskName } from "@attune/contracts";
import type { ArtifactManifest, InputColumn } from "@attune/contracts/manifest";
import { fromZod, type JsonSchema, object, reference } from "./json-schema.ts";

export interface Document {
  readonly paths: Readonly<Record<string, unknown>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, JsonSchema>> };
}

export interface DescribedVersion {
  readonly manifest: ArtifactManifest;
  /** Absent when the artifact has no items table. */
  readonly items?: unknown;
}

const values = fromZod(rawValue).anyOf as readonly JsonSchema[];

/** A value of a column, or null. */
function columnSchema({ kind }: InputColumn): JsonSchema {
  const type = kind === "number" ? "number" : kind === "set" ? "array" : "string";
  return { ...values.find((value) => value.type === type), type: [type, "null"] };
}

function columnsSchema(columns: readonly InputColumn[]): JsonSchema {
  return object(Object.fromEntries(columns.map((column) => [column.name, columnSchema(column)])), []);
}

const answerOf: Readonly<Record<Exclude<TaskName, "recommend">, string>> = {
  classify: "Classification",
  regress: "Regression",
  hierarchical: "IntervalPrediction",
};

/** @returns a document of the same shape without the routes that answer 404, and with every limit that is checked. */
export function describeVersion<D extends Document>(document: D, { manifest, items }: DescribedVersion): D {
  const absent = [
    manifest.task === "recommend" ? "/v1/predict" : "/v1/recommend",
    ...(items === undefined ? ["/v1/items", "/artifact/items.json", "/artifact/{sha256}/items.json"] : []),
  ];
  const paths = Object.entries(document.paths).filter(([path]) => !absent.includes(path));
  const schemas = document.components?.schemas ?? {};
  const narrowed =
    manifest.task === "recommend"
      ? { RecommendRequest: recommendRequestOf(schemas.RecommendRequest!, manifest) }
      : {
          PredictRequest: predictRequestOf(schemas.PredictRequest!, manifest.inputs),
          Prediction: reference(answerOf[manifest.task]),
        };
  return {
    ...document,
    paths: Object.fromEntries(paths),
    components: { ...document.components, schemas: { ...schemas, ...narrowed } },
  };
}

function describedAs(schema: JsonSchema | undefined): JsonSchema {
  return { description: schema?.description };
}

function predictRequestOf(general: JsonSchema, columns: readonly InputColumn[]): JsonSchema {
  const { inputs } = general.properties as Readonly<Record<string, JsonSchema>>;
  return { ...general, properties: { inputs: { ...describedAs(inputs), ...columnsSchema(columns) } } };
}

function recommendRequestOf(general: JsonSchema, manifest: ArtifactManifest<"recommend">): JsonSchema {
  const properties = general.properties as Readonly<Record<string, JsonSchema>>;
  const { maxK, maxHistory, maxExclude, maxAllow } = manifest.limits;
  const takesTime = manifest.signature.inputs.some(({ name }) => name === "history_time");
  const { items, ...history } = properties.history!;
  return {
    ...general,
    properties: {
      ...properties,
      history: {
        ...history,
        maxItems: maxHistory,
        ...(takesTime ? { anyOf: timedOrNot(items as JsonSchema) } : { items }),
      },
      exclude: { ...properties.exclude, maxItems: maxExclude },
      allow: { ...properties.allow, maxItems: maxAllow },
      k: { ...properties.k, maximum: maxK },
      features: { ...describedAs(properties.features), ...columnsSchema(manifest.inputs) },
    },
  };
}

/** All entries have a time, or none has: ages against nothing would mean nothing. */
function timedOrNot(entry: JsonSchema): readonly JsonSchema[] {
  const [id, weighted] = entry.anyOf as [JsonSchema, JsonSchema];
  const { time, ...others } = weighted.properties as Readonly<Record<string, JsonSchema>>;
  const timed = { ...weighted, required: ["item", "time"] };
  const untimed = { ...weighted, properties: others };
  return time === undefined ? [{ items: entry }] : [{ items: { anyOf: [id, untimed] } }, { items: timed }];
}
