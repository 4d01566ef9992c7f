/** Why tfjs could not build a LayersModel, in full: tfjs stops at the first problem. */
import type { io } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { TfjsModelFile } from "../files/read-tfjs-model.ts";
import { isRecord } from "../record.ts";
import type { Tfjs } from "../tfjs.ts";

type Topology = Readonly<Record<string, unknown>>;

/** Every reason that can be named; tfjs's own words when none can. */
export async function explainLayersFailure(
  tfjs: Tfjs,
  file: TfjsModelFile,
  cause: unknown,
): Promise<readonly string[]> {
  const classes = listUnknownClasses(tfjs, file.topology);
  if (classes.length > 0) return classes;
  const weights = await compareWeights(tfjs, file);
  if (weights.length > 0) return weights;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const version = file.topology.keras_version;
  const isNewKeras = typeof version === "string" && Number.parseInt(version, 10) >= 3;
  return [
    isNewKeras
      ? `${reason} The model comes from Keras ${version}, whose files tfjs does not read: save it with tf_keras (Keras 2) and convert it again`
      : reason,
  ];
}

/** Classes and activations that nobody registered, a line for each with the layers that use it. */
export function listUnknownClasses(tfjs: Tfjs, topology: Topology): readonly string[] {
  const { classNameMap } = tfjs.core.serialization.SerializationMap.getMap();
  const layersOf = new Map<string, Set<string>>();
  visitNames(topology, "", "", (kind, name, layer) => {
    if (name in classNameMap || toCamelCase(name) in classNameMap) return;
    const label = `${kind} ${name}`;
    layersOf.set(label, (layersOf.get(label) ?? new Set()).add(layer));
  });
  return [...layersOf].map(
    ([label, layers]) =>
      `the ${label} (${[...layers].join(", ")}) is unknown to tfjs; ` +
      "register it with tf.serialization.registerClass and export through the API",
  );
}

/** Where tfjs makes an object of a config. Other configs with a class, such as Keras' dtypes, it leaves alone. */
const classKeys = /^(layers?|cells?|\w+_layer|\w+_initializer|\w+_regularizer|\w+_constraint)$/;
const activationKeys = /^(\w+_)?activation$/;

/** Calls `visit` for every class and activation that tfjs will look up. `layer` is the name of the config around it. */
function visitNames(
  value: unknown,
  key: string,
  layer: string,
  visit: (kind: "class" | "activation", name: string, layer: string) => void,
): void {
  if (typeof value === "string" && activationKeys.test(key)) visit("activation", value, layer);
  if (Array.isArray(value)) for (const item of value) visitNames(item, key, layer, visit);
  if (!isRecord(value)) return;
  const { class_name: className, config } = value;
  const named = [value.name, isRecord(config) ? config.name : undefined].find(
    (name) => typeof name === "string",
  );
  const inside = typeof named === "string" ? named : layer;
  if (typeof className === "string" && isRecord(config) && classKeys.test(key))
    visit("class", className, inside);
  for (const [childKey, child] of Object.entries(value)) visitNames(child, childKey, inside, visit);
}

/** tfjs reads every text of a config so: `hard_sigmoid` is its `hardSigmoid`. */
function toCamelCase(name: string): string {
  return name.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Weights of the topology against those of the manifest: missing, left over, or of another shape. */
async function compareWeights(tfjs: Tfjs, file: TfjsModelFile): Promise<readonly string[]> {
  const model = await buildUnweighted(tfjs, file.topology);
  if (model === undefined) return [];
  const wanted = new Map(model.weights.map((weight) => [weight.originalName, weight.shape]));
  const issues: string[] = [];
  for (const { name, shape, group } of file.weights) {
    if (group === "optimizer") continue;
    const target = wanted.has(name) ? name : withoutCell(name);
    const expected = wanted.get(target);
    wanted.delete(target);
    if (expected === undefined) issues.push(`weight "${name}" [${shape.join(", ")}] belongs to no layer`);
    else if (expected.join() !== shape.join())
      issues.push(
        `weight "${name}" has shape [${shape.join(", ")}], the topology says [${expected.join(", ")}]`,
      );
  }
  for (const [name, shape] of wanted)
    issues.push(`weight "${name}" [${shape.join(", ")}] of the topology is not in "weightsManifest"`);
  model.dispose();
  return issues;
}

/** The model as its topology says, all weights 0: the initializers it names may take minutes. */
async function buildUnweighted(tfjs: Tfjs, topology: Topology): Promise<LayersModel | undefined> {
  const zeros = { class_name: "Zeros", config: {} };
  const modelTopology: unknown = JSON.parse(JSON.stringify(topology), (key, value) =>
    key.endsWith("_initializer") ? zeros : value,
  );
  const artifacts: io.ModelArtifacts = isRecord(modelTopology) ? { modelTopology } : {};
  try {
    return await tfjs.layers.loadLayersModel({ load: async () => artifacts });
  } catch {
    return undefined;
  }
}

/** TensorFlow names a recurrent weight `layer/cell/weight`, tfjs `layer/weight`; tfjs takes either. */
function withoutCell(name: string): string {
  const parts = name.split("/");
  return [...parts.slice(0, -2), ...parts.slice(-1)].join("/");
}
