/** Takes apart what TensorFlow's optimizer fused and tfjs cannot run fused. */
import { isRecord } from "../record.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Activations that tfjs's fused kernels apply. TensorFlow fuses others too, tanh among them. */
const fusedByTfjs: readonly string[] = [
  "biasadd",
  "linear",
  "relu",
  "relu6",
  "elu",
  "prelu",
  "leakyrelu",
  "sigmoid",
];

/**
 * The topology with an activation that tfjs has only as an op of its own taken out of its fused node: `[BiasAdd, Tanh]` of
 * `dense` becomes `[BiasAdd]` of `dense/fused`, followed by a Tanh named `dense`. The same values, in two steps.
 */
export function splitFused(topology: Fields): Fields {
  if (!Array.isArray(topology.node)) return topology;
  return { ...topology, node: topology.node.flatMap((node: unknown) => splitNode(node)) };
}

function splitNode(node: unknown): readonly unknown[] {
  if (!isRecord(node) || !isRecord(node.attr)) return [node];
  const fusedOps = isRecord(node.attr.fused_ops) ? node.attr.fused_ops : {};
  const names = isRecord(fusedOps.list) && Array.isArray(fusedOps.list.s) ? fusedOps.list.s : [];
  const last: unknown = names.at(-1);
  const op = typeof last === "string" ? Buffer.from(last, "base64").toString("utf8") : "";
  if (op === "" || fusedByTfjs.includes(op.toLowerCase())) return [node];
  const name = `${node.name}/fused`;
  const attr = { ...node.attr, fused_ops: { list: { s: names.slice(0, -1) } } };
  return [
    { ...node, name, attr },
    { name: node.name, op, input: [name], attr: { T: node.attr.T } },
  ];
}
